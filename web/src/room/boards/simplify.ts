/**
 * Strokes with fewer points that look the same: points on a grid that is finer than a pixel, and of a whole
 * stroke only those without which it would lie elsewhere (Ramer, Douglas and Peucker).
 */

import type { Point } from "./shape.ts";

/** Pixels of the screen on which it is drawn by which a stroke may lie elsewhere: nobody sees it. */
const OFF_PX = 0.6;
/** Of a pixel: rounded to this, a slow line does not tremble. */
const GRID_PX = 0.35;
const GRID_MAX = 8;
/** Units of the page that one step of pressure counts for: as much wider is the line at most. */
const PRESSURE_UNITS = 2;

/** A power of two: differences of such numbers pack well. `unit` is a pixel's size in units of the page. */
export function gridOf(unit: number): number {
  let grid = 1;
  while (grid * 2 <= Math.min(GRID_MAX, unit * GRID_PX)) grid *= 2;
  return grid;
}

export const snapped = (value: number, grid: number): number => Math.round(value / grid) * grid;

export function simplified(points: readonly Point[], unit: number): readonly Point[] {
  const isKept = points.map((_, index) => index === 0 || index === points.length - 1);
  const open: [number, number][] = [[0, points.length - 1]];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const [from, to] = part;
    const [index, distance] = farthest(points, from, to);
    if (distance <= OFF_PX * unit) continue;
    isKept[index] = true;
    open.push([from, index], [index, to]);
  }
  return points.filter((_, index) => isKept[index]);
}

function farthest(points: readonly Point[], from: number, to: number): [number, number] {
  let [index, most] = [from, -1];
  for (let between = from + 1; between < to; between += 1) {
    const distance = distanceTo(at(points, between), at(points, from), at(points, to));
    if (distance > most) [index, most] = [between, distance];
  }
  return [index, most];
}

type Place = readonly [number, number, number];

function at(points: readonly Point[], index: number): Place {
  const [x, y, pressure = 0] = points[index] ?? [0, 0];
  return [x, y, pressure * PRESSURE_UNITS];
}

function distanceTo([x, y, z]: Place, [fromX, fromY, fromZ]: Place, [toX, toY, toZ]: Place): number {
  const [dx, dy, dz] = [toX - fromX, toY - fromY, toZ - fromZ];
  const length = dx * dx + dy * dy + dz * dz;
  const along = length === 0 ? 0 : ((x - fromX) * dx + (y - fromY) * dy + (z - fromZ) * dz) / length;
  const share = Math.max(0, Math.min(1, along));
  return Math.hypot(x - fromX - share * dx, y - fromY - share * dy, z - fromZ - share * dz);
}
