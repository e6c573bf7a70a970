/** What pictures cost this device: how long frames stay in decoders, and how late the beat is that draws them. */

/** Of the time since the last look. */
export interface Load {
  /** ms that a frame stayed in its decoder, on average; undefined when none came out. */
  readonly decodeMs: number | undefined;
  /** ms from one beat to the next, on average. */
  readonly beatMs: number;
}

export interface LoadMeter {
  /** A frame came out of its decoder after so many ms. */
  decoded(ms: number): void;
  /** Pictures are drawn now. */
  beat(now: number): void;
  /** What it was since the last call. */
  take(): Load;
}

/** A page that was asleep was not late. */
const ASLEEP_MS = 2_000;

export function createLoadMeter(start: number): LoadMeter {
  let decoded = { frames: 0, ms: 0 };
  let beats = { count: 0, ms: 0 };
  let lastBeat = start;
  return {
    decoded(ms) {
      decoded = { frames: decoded.frames + 1, ms: decoded.ms + ms };
    },
    beat(now) {
      const since = now - lastBeat;
      if (since >= 0 && since < ASLEEP_MS) beats = { count: beats.count + 1, ms: beats.ms + since };
      lastBeat = now;
    },
    take() {
      const load = {
        decodeMs: decoded.frames === 0 ? undefined : decoded.ms / decoded.frames,
        beatMs: beats.count === 0 ? 0 : beats.ms / beats.count,
      };
      decoded = { frames: 0, ms: 0 };
      beats = { count: 0, ms: 0 };
      return load;
    },
  };
}

/** When frames went into a decoder, by their timestamp in µs. */
export interface Stays {
  enter(timestamp: number, now: number): void;
  /** ms that the frame stayed; undefined when it is not known. */
  leave(timestamp: number, now: number): number | undefined;
}

/** More than a decoder holds: frames that never come out are forgotten. */
const STAYS_MAX = 32;

export function createStays(): Stays {
  const entered = new Map<number, number>();
  return {
    enter(timestamp, now) {
      entered.set(timestamp, now);
      const [oldest] = entered.keys();
      if (entered.size > STAYS_MAX && oldest !== undefined) entered.delete(oldest);
    },
    leave(timestamp, now) {
      const at = entered.get(timestamp);
      entered.delete(timestamp);
      return at === undefined ? undefined : now - at;
    },
  };
}
