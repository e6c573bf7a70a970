/** Paints shapes on a canvas whose units are the page's. */

import { getStroke } from "perfect-freehand";
import { decodeShape } from "../../room/boards/shape.ts";
import type { Point, Shape } from "../../room/boards/shape.ts";
import { boxOf, firstOf, headOf, outlineOf } from "./geometry.ts";
import type { Box } from "./geometry.ts";
import { FONT, LINE_HEIGHT, colourOf, widthOf } from "./look.ts";

export type Canvas2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/**
 * A shape that is ready to be painted. Points are not kept, ten thousand strokes have many, and how it looks is
 * reckoned when it is painted first.
 */
export interface Painted {
  readonly written: string;
  readonly box: Box;
  readonly colour: string;
  readonly kind: Shape["kind"];
  readonly width: number;
  readonly path: () => Path2D;
  readonly words: string;
  readonly at: Point;
}

const PRESSURE_MAX = 31;
/** Of a line's width: as far apart as points are while it is drawn. */
const STEP = 0.4;

/** Null for what is no shape. What a sketch has of a pen's stroke is painted as a line. */
export function prepare(written: string, isSketch = false): Painted | null {
  const shape = decodeShape(written);
  if (shape === null) {
    return null;
  }
  const { words } = shape;
  const kind = isSketch && shape.kind === "pen" ? "line" : shape.kind;
  let path: Path2D | null = isSketch && kind !== "text" ? lines(shape) : null;
  const outline = (): Path2D => {
    const again = decodeShape(written);
    return again === null ? new Path2D() : kind === "pen" ? ink(again) : lines(again);
  };
  return { written, box: boxOf(shape), colour: colourOf(shape), kind, width: widthOf(shape), path: () => (path ??= outline()), words, at: firstOf(shape) };
}

export function paint(context: Canvas2D, { kind, colour, width, path, words, at: [x, y] }: Painted): void {
  if (kind === "pen") {
    context.fillStyle = colour;
    context.fill(path());
    return;
  }
  if (kind === "text") {
    context.fillStyle = colour;
    context.font = `${width}px ${FONT}`;
    context.textBaseline = "top";
    words.split("\n").forEach((line, index) => context.fillText(line, x, y + (index * LINE_HEIGHT + 0.12) * width));
    return;
  }
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.globalAlpha = kind === "marker" ? 0.35 : 1;
  context.stroke(path());
  context.globalAlpha = 1;
}

/** The outline of what a pen leaves: wider where it is slow or pressed. */
function ink(shape: Shape): Path2D {
  const size = widthOf(shape) * (shape.hasPressure ? 1.5 : 1.25);
  const points = shape.hasPressure ? shape.points.map(([x, y, pressure = 0]) => [x, y, pressure / PRESSURE_MAX]) : evenly(shape.points, size * STEP);
  const outline = getStroke(points, { size, thinning: 0.45, smoothing: 0.5, streamline: 0.25, simulatePressure: !shape.hasPressure, last: true });
  const path = new Path2D();
  const [first] = outline;
  if (first === undefined) {
    return path;
  }
  // Curves through the middles of the outline's sides.
  outline.forEach(([x, y], index) => {
    const [nextX, nextY] = outline[(index + 1) % outline.length] ?? first;
    const [middleX, middleY] = [(x + nextX) / 2, (y + nextY) / 2];
    if (index === 0) path.moveTo(middleX, middleY);
    else path.quadraticCurveTo(x, y, middleX, middleY);
  });
  path.closePath();
  return path;
}

/**
 * Places along a line that are equally far apart: how wide it is must not depend on how many points are left
 * of it when it is finished.
 */
function evenly(points: readonly Point[], step: number): [number, number][] {
  const [first = [0, 0], ...others] = points;
  const along: [number, number][] = [[first[0], first[1]]];
  let [x, y] = first;
  let left = step;
  for (const [toX, toY] of others) {
    let length = Math.hypot(toX - x, toY - y);
    while (length >= left && length > 0) {
      [x, y] = [x + ((toX - x) * left) / length, y + ((toY - y) * left) / length];
      along.push([x, y]);
      length -= left;
      left = step;
    }
    left -= length;
    [x, y] = [toX, toY];
  }
  if (left < step) along.push([x, y]);
  return along;
}

function lines(shape: Shape): Path2D {
  const path = new Path2D();
  const along = (points: readonly Point[]) => points.forEach(([x, y], index) => (index === 0 ? path.moveTo(x, y) : path.lineTo(x, y)));
  along(outlineOf(shape));
  if (shape.kind === "arrow") along(headOf(shape));
  if ((shape.kind === "marker" || shape.kind === "pen") && shape.points.length === 1) {
    const [x, y] = firstOf(shape);
    path.lineTo(x + 1, y);
  }
  return path;
}
