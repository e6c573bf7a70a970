/** Pictures of one person are told apart by their names. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOfPicture, pictureOf, screenOf } from "./picture-name.ts";

test("a camera has its participant's name, a screen another one, and both lead back", () => {
  const id = "00000000000000aa";
  assert.deepEqual(pictureOf(id), { participant: id, kind: "cam" });
  assert.deepEqual(pictureOf(screenOf(id)), { participant: id, kind: "screen" });
  for (const name of [id, screenOf(id)]) assert.equal(nameOfPicture(pictureOf(name)), name);
});
