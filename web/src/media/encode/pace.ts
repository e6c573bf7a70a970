/** Which of a camera's frames a rendition takes to keep its frame rate: pure, over capture times. */

/** Cameras' intervals wander: a frame this much early is still in time. */
const EARLY_MS = 8;

export interface Pace {
  /** Whether a frame of this moment is one of them. */
  isDue(capturedAt: number): boolean;
  /** It was taken. */
  take(capturedAt: number): void;
}

export function framePace(framerate: number): Pace {
  const interval = 1_000 / framerate;
  let dueAt = -Infinity;
  return {
    isDue: (capturedAt) => capturedAt >= dueAt - EARLY_MS,
    take(capturedAt) {
      // In step with the time before, so that 25 of 30 frames are taken and not 15 or all; after a
      // pause in step with this frame.
      const isInStep = Math.abs(capturedAt - dueAt) < interval;
      dueAt = (isInStep ? dueAt : capturedAt) + interval;
    },
  };
}
