/**
 * Orders one voice's objects for the decoder and steers its playout: pure, over arrivals and time.
 *
 * Objects of overlapping groups are put in order; one that is missing is waited for `HOLD_MS`, then
 * it is a gap. A late join begins at the live edge. The playhead is kept `targetMs` behind the
 * fastest arrival: slowly by playing a little faster or slower, at once by a jump when far off.
 */

import { createDelay } from "./delay.ts";

export interface EncodedSound {
  readonly group: number;
  readonly object: number;
  /** Unix time of the publisher in ms, of the first sample. */
  readonly capturedAt: number;
  readonly payload: Uint8Array;
}

/** What is audible: the moment of capture `capturedAt` at our time `at`. */
export interface Playhead {
  readonly capturedAt: number;
  readonly at: number;
}

export interface Steering {
  /** Speed of playing, about 1. */
  readonly rate: number;
  /** Sound to hold before starting. */
  readonly targetMs: number;
  /** Go on from this moment of capture at once. */
  readonly jumpTo: number | undefined;
}

export interface AudioJitter {
  arrive(sound: EncodedSound, now: number): void;
  /** What to decode now, in order. */
  take(now: number): EncodedSound[];
  /** When `take` has something although nothing arrives; undefined if never. */
  deadline(): number | undefined;
  /** The playout ran dry: holds more from now on. */
  ranDry(now: number): void;
  steer(playhead: Playhead | undefined, now: number): Steering;
}

/** A backlog comes within this time of the first arrival; then the live edge is known. */
const SETTLE_MS = 40;
/** Waiting for a missing object; less than what is held before playing. */
const HOLD_MS = 30;
/** Objects are 20 ms; what follows within one and a half of that has no gap before it. */
const CONTIGUOUS_MS = 30;
/** 2 s; beyond, the oldest is dropped. */
const HELD_MAX = 100;
/** 4 s: a session that takes over begins with the newest second. */
const SEEN_MAX = 200;
/** Delay is given back as fast as playing 2 % faster can: a conversation waits for it. */
const DELAY = { startMs: 60, floorMs: 40, capMs: 400, shrinkMsPerSecond: 20 };
const DRY_STEP_MS = 20;
const DRY_MS_MAX = 200;
const DRY_SHRINK_MS_PER_SECOND = 12;
/** A third of a semitone, and only while catching up. */
const RATE_CHANGE_MAX = 0.02;
/** An error is worked off in about this time. */
const STEER_OVER_MS = 1_500;
/** Below this the crystals may wander. */
const STEER_FROM_MS = 6;
const JUMP_FROM_MS = 200;

const isBefore = (a: EncodedSound, b: EncodedSound): boolean =>
  a.group < b.group || (a.group === b.group && a.object < b.object);

export function createAudioJitter(): AudioJitter {
  const delay = createDelay(DELAY);
  const dry = dryness();
  const arrivals = recent();
  let held: { readonly sound: EncodedSound; readonly arrivedAt: number }[] = [];
  let last: EncodedSound | undefined;
  let settlesAt: number | undefined;

  const targetMs = (now: number): number => Math.min(delay.targetMs() + dry.extraMs(now), DELAY.capMs);

  /** What is older than the live edge has no listener. */
  const dropBacklog = (now: number): void => {
    const newest = held.at(-1)?.sound.capturedAt ?? 0;
    held = held.filter(({ sound }) => sound.capturedAt > newest - targetMs(now));
  };
  return {
    arrive(sound, now) {
      // Two sessions may bring the same while one takes over; the later one says nothing of the line.
      if (!arrivals.isFirst(sound)) return;
      delay.observe(sound.capturedAt, now);
      settlesAt ??= now + SETTLE_MS;
      if (last !== undefined && !isBefore(last, sound)) return;
      const at = held.findIndex((each) => isBefore(sound, each.sound));
      held.splice(at === -1 ? held.length : at, 0, { sound, arrivedAt: now });
      if (held.length > HELD_MAX) held.shift();
    },
    take(now) {
      if (settlesAt === undefined || now < settlesAt) return [];
      if (last === undefined) dropBacklog(now);
      const taken: EncodedSound[] = [];
      for (const { sound, arrivedAt } of held) {
        const isNext = last === undefined || sound.capturedAt - last.capturedAt <= CONTIGUOUS_MS;
        if (!isNext && now < arrivedAt + HOLD_MS) break;
        taken.push(sound);
        last = sound;
      }
      held.splice(0, taken.length);
      return taken;
    },
    deadline() {
      const first = held[0];
      if (first === undefined || settlesAt === undefined) return undefined;
      return last === undefined ? settlesAt : first.arrivedAt + HOLD_MS;
    },
    ranDry: dry.add,
    steer(playhead, now) {
      const target = targetMs(now);
      const anchor = delay.anchor();
      if (playhead === undefined || anchor === undefined) {
        return { rate: 1, targetMs: target, jumpTo: undefined };
      }
      const wanted = playhead.at - anchor - target;
      const behindMs = wanted - playhead.capturedAt;
      if (Math.abs(behindMs) > JUMP_FROM_MS) return { rate: 1, targetMs: target, jumpTo: wanted + now - playhead.at };
      const change = Math.abs(behindMs) < STEER_FROM_MS ? 0 : behindMs / STEER_OVER_MS;
      const rate = 1 + Math.min(Math.max(change, -RATE_CHANGE_MAX), RATE_CHANGE_MAX);
      return { rate, targetMs: target, jumpTo: undefined };
    },
  };
}

/** What came lately, so that what comes twice is known. */
function recent(): { isFirst(sound: EncodedSound): boolean } {
  const seen = new Set<string>();
  return {
    isFirst({ group, object }) {
      const name = `${group}/${object}`;
      if (seen.has(name)) return false;
      seen.add(name);
      for (const oldest of seen) {
        if (seen.size <= SEEN_MAX) break;
        seen.delete(oldest);
      }
      return true;
    },
  };
}

/** What running dry adds to the target: grows by steps, shrinks with time. */
function dryness(): { add(now: number): void; extraMs(now: number): number } {
  let extra = 0;
  let since = 0;
  const extraMs = (now: number): number =>
    Math.max(extra - ((now - since) / 1_000) * DRY_SHRINK_MS_PER_SECOND, 0);
  return {
    add(now) {
      extra = Math.min(extraMs(now) + DRY_STEP_MS, DRY_MS_MAX);
      since = now;
    },
    extraMs,
  };
}
