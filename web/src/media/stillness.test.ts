/** A picture that stands still is told once, and once that it moves again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { stillness } from "./stillness.ts";

test("after a second without a new picture its age is told, and its end with the next one", () => {
  const still = stillness(1_000);
  still.setSeen(true, 0);
  assert.equal(still.look(500, 1_499), undefined);
  assert.deepEqual(still.look(500, 1_500), { since: 500 });
  assert.equal(still.look(500, 9_000), undefined);
  assert.deepEqual(still.look(9_010, 9_020), { since: undefined });
});

test("nobody is told of a picture that has not come yet, or that nobody sees", () => {
  const still = stillness(1_000);
  still.setSeen(true, 0);
  assert.equal(still.look(undefined, 5_000), undefined);
  still.setSeen(false, 5_000);
  assert.equal(still.look(100, 9_000), undefined);
});

test("a tile that comes back into view has a second to catch up", () => {
  const still = stillness(1_000);
  still.setSeen(true, 0);
  assert.deepEqual(still.look(100, 2_000), { since: 100 });
  still.setSeen(false, 2_500);
  assert.deepEqual(still.look(100, 2_500), { since: undefined });
  still.setSeen(true, 60_000);
  assert.equal(still.look(100, 60_900), undefined);
  assert.deepEqual(still.look(100, 61_000), { since: 100 });
});
