/** IDs that tell layers: sender and receiver must mean the same. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { layerOf, objectOf } from "./layer-ids.ts";

test("frames in the order of L1T3 have IDs without gaps", () => {
  const ids: number[] = [];
  for (const layer of [0, 2, 1, 2, 0, 2, 1, 2, 0]) ids.push(objectOf(layer, (ids.at(-1) ?? -1) + 1));
  assert.deepEqual(ids, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(ids.map(layerOf), [0, 2, 1, 2, 0, 2, 1, 2, 0]);
});

test("an ID is of its layer whatever came before", () => {
  for (let next = 0; next < 12; next += 1) {
    for (const layer of [0, 1, 2]) {
      const object = objectOf(layer, next);
      assert.ok(object >= next && object < next + 4);
      assert.equal(layerOf(object), layer);
    }
  }
});
