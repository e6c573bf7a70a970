/** The canvas of one participant: pictures of any rendition in one size, each until the next one. */

import { unixNow } from "../clock.ts";

export interface Surface {
  /** Older pictures than the one that is there are not drawn; false then. */
  draw(frame: VideoFrame, now: number): boolean;
  /** When the picture that is there was drawn. */
  drawnAt(): number | undefined;
  ageMs(now: number): number;
  framesPerSecond(now: number): number;
}

/** A camera's clock that goes back by more was set anew. */
const CLOCK_SET_US = 5_000_000;
/** Shapes that differ by less are the same, rounded to even sides. */
const SHAPE_TOLERANCE = 0.02;
const SECOND_MS = 1_000;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Whether a picture is drawn on a canvas as it is: another shape or a larger picture makes it anew. */
export function fits(canvas: Size, picture: Size): boolean {
  const shapes = (canvas.width * picture.height) / (canvas.height * picture.width);
  return Math.abs(shapes - 1) < SHAPE_TOLERANCE && picture.width <= canvas.width;
}

export function createSurface(canvas: OffscreenCanvas, onSize: (width: number, height: number) => void): Surface {
  const drawing = canvas.getContext("2d", { alpha: false });
  const createdAt = unixNow();
  let drawnAt: number | undefined;
  let newest = -Infinity;
  let recent: readonly number[] = [];
  const withinSecond = (now: number): readonly number[] => recent.filter((at) => now - at < SECOND_MS);
  return {
    draw(frame, now) {
      const { timestamp, displayWidth: width, displayHeight: height } = frame;
      if (timestamp <= newest && newest - timestamp < CLOCK_SET_US) return false;
      const isNew = drawnAt === undefined || !fits(canvas, { width, height });
      if (isNew) {
        canvas.width = width;
        canvas.height = height;
      }
      drawing?.drawImage(frame, 0, 0, canvas.width, canvas.height);
      newest = timestamp;
      drawnAt = now;
      recent = [...withinSecond(now), now];
      if (isNew) onSize(width, height);
      return true;
    },
    drawnAt: () => drawnAt,
    ageMs: (now) => Math.round(now - (drawnAt ?? createdAt)),
    framesPerSecond: (now) => withinSecond(now).length,
  };
}
