/** Where shapes are, and whether something touches them. Pure; everything in the page's units. */

import { decodeShape } from "../../room/boards/shape.ts";
import type { Point, Shape } from "../../room/boards/shape.ts";
import { LINE_HEIGHT, widthOf } from "./look.ts";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Letters are about so wide: enough to say where a text is. */
const LETTER_WIDTH = 0.6;
const ELLIPSE_CORNERS = 72;

export function boxOf(shape: Shape): Box {
  const width = widthOf(shape);
  if (shape.kind === "text") {
    const [x, y] = firstOf(shape);
    const lines = shape.words.split("\n");
    const longest = Math.max(...lines.map((line) => line.length));
    return { left: x, top: y, right: x + longest * width * LETTER_WIDTH, bottom: y + lines.length * width * LINE_HEIGHT };
  }
  const { left, top, right, bottom } = boxAround(shape.points);
  const edge = shape.kind === "arrow" ? width * 5 : width;
  return { left: left - edge, top: top - edge, right: right + edge, bottom: bottom + edge };
}

export function boxAround(points: readonly Point[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return { left, top, right, bottom };
}

export const meets = (a: Box, b: Box): boolean => a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;

export const holds = (outer: Box, inner: Box): boolean =>
  outer.left <= inner.left && outer.right >= inner.right && outer.top <= inner.top && outer.bottom >= inner.bottom;

export function united(boxes: readonly Box[]): Box | null {
  const [first, ...others] = boxes;
  if (first === undefined) {
    return null;
  }
  return others.reduce(
    (a, b) => ({
      left: Math.min(a.left, b.left),
      top: Math.min(a.top, b.top),
      right: Math.max(a.right, b.right),
      bottom: Math.max(a.bottom, b.bottom),
    }),
    first,
  );
}

export const firstOf = ({ points }: Shape): Point => points[0] ?? [0, 0];

/** The line that a shape is drawn along; none for a text. */
export function outlineOf(shape: Shape): readonly Point[] {
  const [[x, y], [toX, toY]] = [firstOf(shape), shape.points[1] ?? firstOf(shape)];
  switch (shape.kind) {
    case "rectangle":
      return [[x, y], [toX, y], [toX, toY], [x, toY], [x, y]];
    case "ellipse":
      return ellipse([(x + toX) / 2, (y + toY) / 2], [Math.abs(toX - x) / 2, Math.abs(toY - y) / 2]);
    case "text":
      return [];
    default:
      return shape.points;
  }
}

function ellipse([x, y]: readonly [number, number], [a, b]: readonly [number, number]): Point[] {
  const corners = Array.from({ length: ELLIPSE_CORNERS + 1 }, (_, corner) => (corner / ELLIPSE_CORNERS) * 2 * Math.PI);
  return corners.map((angle): Point => [x + a * Math.cos(angle), y + b * Math.sin(angle)]);
}

/** The two sides of an arrow's head. */
export function headOf(shape: Shape): readonly Point[] {
  const [x, y] = firstOf(shape);
  const [toX, toY] = shape.points[1] ?? [x, y];
  const angle = Math.atan2(toY - y, toX - x);
  const length = Math.min(widthOf(shape) * 4.5, Math.hypot(toX - x, toY - y));
  const side = (turn: number): Point => [toX - length * Math.cos(angle + turn), toY - length * Math.sin(angle + turn)];
  return [side(0.5), [toX, toY], side(-0.5)];
}

/** Whether something at this place, so far around it, touches the shape. */
export function touches(written: string, { x, y }: Place, reach: number): boolean {
  const shape = decodeShape(written);
  if (shape === null) {
    return false;
  }
  const around = { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach };
  if (!meets(boxOf(shape), around)) {
    return false;
  }
  const near = reach + widthOf(shape) / 2;
  const line = outlineOf(shape);
  return shape.kind === "text" || line.some((point, index) => distance([x, y], line[index - 1] ?? point, point) <= near);
}

function distance([x, y]: Point, [fromX, fromY]: Point, [toX, toY]: Point): number {
  const [dx, dy] = [toX - fromX, toY - fromY];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - fromX) * dx + (y - fromY) * dy) / length));
  return Math.hypot(x - fromX - share * dx, y - fromY - share * dy);
}
