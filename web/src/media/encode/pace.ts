/** Which of a source's frames a rendition takes: pure, over capture times. */

/** Cameras' intervals wander: a frame this much early is still in time. */
const EARLY_MS = 8;

export interface Pace {
  /** Whether a frame of this moment is one of them. */
  isDue(capturedAt: number): boolean;
  /** It was taken. */
  take(capturedAt: number): void;
  /** So many bytes came out of it. */
  spend(bytes: number): void;
}

/** Keeps a frame rate, whatever a camera's own is. */
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
    spend: () => undefined,
  };
}

/**
 * Few pictures that are sharp rather than many that are not: after each the time that its bits have on the
 * line, within `most` and `least` pictures a second. What scrolls comes seldom, a pointer or a small film often.
 */
export function sharpPace({ most, least, bitrate }: { readonly most: number; readonly least: number; readonly bitrate: number }): Pace {
  let takenAt = -Infinity;
  let interval = 1_000 / most;
  return {
    isDue: (capturedAt) => capturedAt >= takenAt + interval - EARLY_MS,
    take(capturedAt) {
      takenAt = capturedAt;
      interval = 1_000 / most;
    },
    spend(bytes) {
      interval = Math.min(Math.max((bytes * 8_000) / bitrate, 1_000 / most), 1_000 / least);
    },
  };
}
