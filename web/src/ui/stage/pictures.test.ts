/** What the page knows of pictures. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { pictureAge } from "./picture-age.ts";
import { createPictures } from "./pictures.ts";
import { neededHeight } from "./shown.ts";

const report = { framesDecoded: 10, framesDropped: 0, width: 640, height: 360, ageMs: 20, rendition: "mid", framesPerSecond: 25 };
const reportOf = (pictures: Readonly<Record<string, typeof report>>) => ({
  kind: "report" as const,
  pictures,
  voices: {},
    resting: [],
  sent: { framesEncoded: 0, framesSkipped: 0, layers: {} },
});

test("a camera that came back in its old size has arrived, an old picture has not", () => {
  const pictures = createPictures();
  pictures.take(reportOf({ a: report, b: { ...report, ageMs: 3_000 } }));
  pictures.take({ kind: "picture", picture: "c", width: 1, height: 1 });
  assert.deepEqual([...pictures.arrived.value], ["a", "c"]);
  pictures.keepOnly((id) => id === "c");
  assert.deepEqual([...pictures.arrived.value], ["c"]);
});

test("stillness of one leaves the others alone", () => {
  const pictures = createPictures();
  pictures.take({ kind: "still", picture: "a", since: 5 });
  pictures.take({ kind: "still", picture: "b", since: 7 });
  pictures.take({ kind: "still", picture: "a", since: undefined });
  assert.deepEqual([...pictures.still.value], [["b", 7]]);
});

test("it is known what comes of whom", () => {
  const pictures = createPictures();
  pictures.take(reportOf({ a: report }));
  assert.deepEqual(pictures.received.value.get("a"), { rendition: "mid", framesPerSecond: 25 });
});

test("an age is told in whole seconds from one on", () => {
  assert.deepEqual([1_000, 1_999, 2_000, 61_000].map((now) => pictureAge(0, now)), [1, 1, 2, 61]);
  assert.equal(pictureAge(0, 400), 1);
});

test("a tile needs as many pixels as the screen has, in steps", () => {
  assert.equal(neededHeight(183, 1), 176);
  assert.equal(neededHeight(180, 2), 360);
  assert.equal(neededHeight(3, 1), 8);
  assert.equal(neededHeight(0, 3), 0);
});
