/** What is drawn is read as it was drawn, piece by piece. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { array, assert as check, integer, nat, property, tuple } from "fast-check";
import { decodeShape, encodePoints, encodeShape, placeShape } from "./shape.ts";
import type { Point, Shape } from "./shape.ts";

const coordinate = integer({ min: -32_768, max: 32_767 });
const points = array(tuple(coordinate, coordinate), { minLength: 1, maxLength: 60 });
const pen = (all: readonly Point[]): Shape => ({ kind: "pen", colour: 3, width: 1, points: all, hasPressure: false, words: "" });

test("a shape is read as it was written", () => {
  check(property(points, (all) => assert.deepEqual(decodeShape(encodeShape(pen(all))), pen(all))));
  const pressed: Shape = { ...pen([[1, 2, 31], [3, -4, 0]]), hasPressure: true };
  assert.deepEqual(decodeShape(encodeShape(pressed)), pressed);
  const text: Shape = { ...pen([[5, 6]]), kind: "text", words: "Grüße\n an alle" };
  assert.deepEqual(decodeShape(encodeShape(text)), text);
});

test("pieces of a stroke make the stroke", () => {
  check(
    property(points, nat(), (all, cut) => {
      const at = 1 + (cut % all.length);
      const [head, tail] = [all.slice(0, at), all.slice(at)];
      assert.equal(encodeShape(pen(head)) + encodePoints(tail, head.at(-1), false), encodeShape(pen(all)));
    }),
  );
});

test("what is placed elsewhere moves as a whole", () => {
  check(
    property(points, coordinate, coordinate, (all, x, y) => {
      const [first] = all;
      const moved = all.map(([px, py]): Point => [px - (first?.[0] ?? 0) + x, py - (first?.[1] ?? 0) + y]);
      assert.deepEqual(decodeShape(placeShape(encodeShape(pen(all)), x, y))?.points, moved);
    }),
  );
});

test("the numbers are those that the room writes", () => {
  assert.equal(encodeShape(pen([[0, 0], [1, -1], [17, 15]])), "p31AACDgBgB");
  assert.deepEqual(decodeShape("p01CACA")?.points, [[1, 0], [2, 0]]);
  for (const bad of ["", "x00AA", "p00", "l00AA", "p00_", "p00_____A", "p00ä"]) assert.equal(decodeShape(bad), null, bad);
});
