/** A simplified stroke has fewer points and lies where it lay. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { array, assert as check, integer, property, tuple } from "fast-check";
import { gridOf, simplified, snapped } from "./simplify.ts";
import type { Point } from "./shape.ts";

const UNIT = 12.8;
const points = array(tuple(integer({ min: 0, max: 16_384 }), integer({ min: 0, max: 9_216 })), { minLength: 1, maxLength: 80 });

function distance([x, y]: Point, [fromX, fromY]: Point, [toX, toY]: Point): number {
  const length = (toX - fromX) ** 2 + (toY - fromY) ** 2;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - fromX) * (toX - fromX) + (y - fromY) * (toY - fromY)) / length));
  return Math.hypot(x - fromX - share * (toX - fromX), y - fromY - share * (toY - fromY));
}

const fromLine = (point: Point, line: readonly Point[]): number => Math.min(...line.map((to, index) => distance(point, line[index - 1] ?? to, to)));

test("no point of a stroke is farther from what is left of it than the eye sees", () => {
  check(
    property(points, (all: readonly Point[]) => {
      const left = simplified(all, UNIT);
      assert.deepEqual([left[0], left.at(-1)], [all[0], all.at(-1)]);
      assert.ok(left.length <= all.length && left.every((point) => all.includes(point)));
      for (const point of all) assert.ok(fromLine(point, left) <= 0.6 * UNIT + 1e-6);
    }),
  );
});

test("a straight line is its ends, a curve keeps its form, and pressure is not forgotten", () => {
  const straight = Array.from({ length: 50 }, (_, step): Point => [step * 40, step * 20]);
  assert.deepEqual(simplified(straight, UNIT), [straight[0], straight.at(-1)]);
  const loop = Array.from({ length: 60 }, (_, step): Point => [Math.round(500 * Math.cos(step / 9)), Math.round(500 * Math.sin(step / 9))]);
  const left = simplified(loop, UNIT);
  assert.ok(left.length > 10 && left.length < 30, `${left.length} points`);
  const pressed = straight.map(([x, y], step): Point => [x, y, step < 25 ? 31 : 0]);
  assert.ok(simplified(pressed, UNIT).length > 2);
  assert.deepEqual(simplified([[1, 2]], UNIT), [[1, 2]]);
});

test("the grid is finer than a pixel, and finer where the page is enlarged", () => {
  assert.deepEqual([12.8, 30, 100, 3, 0.5].map(gridOf), [4, 8, 8, 1, 1]);
  assert.deepEqual([5, -5, 6].map((value) => snapped(value, 4)), [4, -4, 8]);
});
