/**
 * How long to hold what arrives so that it can be played evenly: pure, over times of arrival.
 *
 * The anchor is the fastest transit (arrival minus capture) of the last ten seconds; it holds the
 * difference of the two machines' clocks too, which therefore need not agree. The target is what
 * nearly everything arrived within, measured from the anchor.
 */

import { windowMinimum } from "./window.ts";

/** Times in ms. */
export interface DelaySettings {
  readonly startMs: number;
  readonly floorMs: number;
  readonly capMs: number;
  /** How fast the target falls when the line is calm again. */
  readonly shrinkMsPerSecond: number;
  /** Above what arrivals need: the way from arrival to where it is played. */
  readonly marginMs: number;
}

export interface Delay {
  observe(capturedAt: number, arrivedAt: number): void;
  /** Fastest transit; undefined before the first arrival. */
  anchor(): number | undefined;
  targetMs(): number;
  /** When to play it; undefined before the first arrival. */
  dueAt(capturedAt: number): number | undefined;
}

const BUCKET_MS = 2_500;
const BUCKETS = 4;
/** About 4 s of frames, 2.5 s of sound. */
const TRANSITS = 128;
/** Share that must arrive in time: leaves one late object in fifty, a key frame on a slow line. */
const QUANTILE = 0.98;
/** The backlog of a late join comes first and tells nothing about the line. */
const SETTLE_MS = 300;
/** Arrivals between two sorts of the transits. */
const REVIEW_EVERY = 8;

export function createDelay({ startMs, floorMs, capMs, shrinkMsPerSecond, marginMs }: DelaySettings): Delay {
  const minima = windowMinimum(BUCKET_MS, BUCKETS);
  const transits = new Float64Array(TRANSITS);
  let count = 0;
  let settledAt: number | undefined;
  let target = startMs;
  let reviewedAt = 0;

  const review = (now: number): void => {
    const sorted = transits.slice(0, Math.min(count, TRANSITS)).toSorted();
    const late = (sorted[Math.floor((sorted.length - 1) * QUANTILE)] ?? 0) - (minima.value() ?? 0);
    const wanted = Math.min(Math.max(late + marginMs, floorMs), capMs);
    const shrunk = target - ((now - reviewedAt) / 1_000) * shrinkMsPerSecond;
    target = Math.max(wanted, shrunk);
    reviewedAt = now;
  };
  return {
    observe(capturedAt, arrivedAt) {
      const transit = arrivedAt - capturedAt;
      minima.add(transit, arrivedAt);
      settledAt ??= arrivedAt + SETTLE_MS;
      if (arrivedAt < settledAt) {
        reviewedAt = arrivedAt;
        return;
      }
      transits[count % TRANSITS] = transit;
      count += 1;
      if (count % REVIEW_EVERY === 0) review(arrivedAt);
    },
    anchor: minima.value,
    targetMs: () => target,
    dueAt: (capturedAt) => {
      const anchor = minima.value();
      return anchor === undefined ? undefined : capturedAt + anchor + target;
    },
  };
}
