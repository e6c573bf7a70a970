/** Unix time with fractions of a millisecond, and how a device's own clock is read in it. */

/** Unix time in ms; of one origin in the page, its workers and their messages. */
export const unixNow = (): number => performance.timeOrigin + performance.now();

/** `Date.now()` of a thread without `performance`, in the time of `unixNow`: they drift apart. */
export const fromSystemTime = (systemMs: number): number => systemMs + unixNow() - Date.now();

/** A jump of the device's clock by more than this is followed at once. */
const JUMP_MS = 500;
/** Time over which the fastest arrival tells how the two clocks stand to each other. */
const WINDOW_MS = 2_000;
/** Drift larger than this within a window is a gap in the source, not drift of a crystal. */
const DRIFT_MS_MAX = 20;
/** What one window may correct: 0.25 ms in 2 s follows crystals 125 ppm apart. */
const SLEW_MS = 0.25;

/** The Unix time at which something was captured, from the device's clock and its arrival here. */
export type CaptureClock = (deviceMs: number, arrivedAt: number) => number;

/**
 * Anchors a device's clock at its first arrival and corrects the anchor by the fastest one since:
 * lateness of a single arrival never shows in the answer, which always rises.
 */
export function captureClock(): CaptureClock {
  let offset: number | undefined;
  let fastest = Infinity;
  let windowEnd = 0;
  let last = -Infinity;

  return (deviceMs, arrivedAt) => {
    const transit = arrivedAt - deviceMs;
    if (offset === undefined || transit < offset || transit - offset > JUMP_MS) {
      offset = transit;
      fastest = transit;
      windowEnd = arrivedAt + WINDOW_MS;
    }
    fastest = Math.min(fastest, transit);
    if (arrivedAt >= windowEnd) {
      const drift = fastest - offset;
      offset += drift > DRIFT_MS_MAX ? drift : Math.min(drift, SLEW_MS);
      fastest = Infinity;
      windowEnd = arrivedAt + WINDOW_MS;
    }
    last = Math.max(deviceMs + offset, last + 0.001);
    return last;
  };
}
