/** Pictures of any rendition on one canvas. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createSurface } from "./surface.ts";

function canvasOf(width: number, height: number) {
  const drawn: (readonly [number, number])[] = [];
  const drawImage = (...[, , , w, h]: [unknown, number, number, number, number]) => void drawn.push([w, h]);
  return { canvas: { width, height, getContext: () => ({ drawImage }) } as unknown as OffscreenCanvas, drawn };
}
const picture = (timestamp: number, displayWidth: number, displayHeight: number): VideoFrame =>
  ({ timestamp, displayWidth, displayHeight }) as unknown as VideoFrame;

test("a smaller rendition is drawn in the size of the larger one before it, a larger one makes the canvas grow", () => {
  const { canvas, drawn } = canvasOf(300, 150);
  const sizes: string[] = [];
  const surface = createSurface(canvas, (width, height) => void sizes.push(`${width}x${height}`));
  for (const [i, [width, height]] of [[640, 360], [320, 180], [1_280, 720], [640, 360]].entries()) {
    surface.draw(picture(i * 1_000, width ?? 0, height ?? 0), i);
  }
  assert.deepEqual(sizes, ["640x360", "1280x720"]);
  assert.deepEqual(drawn, [[640, 360], [640, 360], [1_280, 720], [1_280, 720]]);
});

test("a camera that was turned has a canvas of its own shape", () => {
  const { canvas } = canvasOf(300, 150);
  const surface = createSurface(canvas, () => undefined);
  surface.draw(picture(0, 640, 360), 0);
  surface.draw(picture(1_000, 202, 360), 1);
  assert.deepEqual([canvas.width, canvas.height], [202, 360]);
});

test("time never goes back when another rendition begins with its past, but a clock may be set", () => {
  const { canvas, drawn } = canvasOf(300, 150);
  const surface = createSurface(canvas, () => undefined);
  surface.draw(picture(10_000_000, 640, 360), 0);
  assert.equal(surface.draw(picture(9_000_000, 640, 360), 1), false);
  assert.equal(surface.draw(picture(1_000_000, 640, 360), 2), true);
  assert.equal(drawn.length, 2);
});

test("frames of the last second are counted", () => {
  const { canvas } = canvasOf(300, 150);
  const surface = createSurface(canvas, () => undefined);
  for (let i = 0; i < 30; i += 1) surface.draw(picture(i * 100_000, 640, 360), i * 100);
  assert.equal(surface.framesPerSecond(2_950), 10);
  assert.equal(surface.framesPerSecond(9_000), 0);
  assert.equal(surface.ageMs(3_900), 1_000);
});
