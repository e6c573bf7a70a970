/**
 * Orders one voice's objects for the decoder and steers its playout: pure, over arrivals and time.
 *
 * Objects come alone and in any order. One that is missing was lost, or overtaken; of what was lost a
 * repeat comes with the object behind it, or on a thin line with those after the next; and of two sessions
 * the slower one still brings what the faster one never had. So it is waited for until it would have to
 * be heard, then it is a gap: waiting longer would take the sound behind it too. A late join begins at the
 * live edge. The playhead is kept `targetMs` behind the fastest arrival: slowly by playing a little faster
 * or slower, at once by a jump when far off.
 */

import { createDelay } from "./delay.ts";
import { windowMinimum } from "./window.ts";

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
  /** False when it had come before. */
  arrive(sound: EncodedSound, now: number): boolean;
  /** What to decode now, in order. */
  take(now: number): EncodedSound[];
  /** When `take` has something although nothing arrives; undefined if never. */
  deadline(): number | undefined;
  /** The playout ran dry: holds more from now on. */
  ranDry(now: number): void;
  /** A sound took `lagMs` to be decoded, or what the mixer says of itself, 20 times a second, to be heard here. */
  lag(lagMs: number, now: number): void;
  steer(playhead: Playhead | undefined, now: number): Steering;
}

/** A backlog comes within this time of the first arrival; then the live edge is known. */
const SETTLE_MS = 40;
/** What a slow tablet needs from here to the mixer: to decode, two messages, and the block being mixed. */
const LEAD_MS = 15;
/**
 * A device that decodes and draws a whole class comes late to everything now and then. What goes beyond this is held
 * more for as long as it may come again; more than so much is a device that was asleep.
 */
const LAG_MS_USUAL = 25;
const LAG_MS_MAX = 85;
const LAG_BUCKETS = { ms: 5_000, count: 7 };
/** What came in one packet is told one after the other, and a repeat may be behind what is new. */
const TOGETHER_MS = 3;
const OBJECT_MS = 20;
/** Objects are 20 ms; what follows within one and a half of that has no gap before it. */
const CONTIGUOUS_MS = 30;
/** 2 s; beyond, the oldest is dropped. */
const HELD_MAX = 100;
/** 4 s: a session that takes over begins with the newest second. */
const SEEN_MAX = 200;
/**
 * The least is one object, so that what is repeated with the next one is in time, and the way to the
 * mixer. Delay is given back as fast as playing 2 % faster can: a conversation waits for it.
 */
const DELAY = { startMs: 60, floorMs: 40, capMs: 400, shrinkMsPerSecond: 20, marginMs: LEAD_MS };
/** Repeats that are later than this are not held for: three objects a packet, and the packet after the next. */
const REPEAT_MS_MAX = 120;
/** What comes in order and is later than the target by up to this would have been worth waiting for. */
const LATE_MS_MAX = 40;
/** A line that lost or delayed something is one that does so for as long as this. */
const LATE_FOR_MS = 15_000;
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
  const pace = pacing();
  const arrivals = recent();
  let held: { readonly sound: EncodedSound; readonly arrivedAt: number }[] = [];
  let last: EncodedSound | undefined;
  let settlesAt: number | undefined;

  /** What is older than the live edge has no listener. */
  const dropBacklog = (now: number): void => {
    const newest = held.at(-1)?.sound.capturedAt ?? 0;
    held = held.filter(({ sound }) => sound.capturedAt > newest - pace.targetMs(now));
  };
  /** Until when what is missing behind `before` is waited for. */
  const heldUntil = (before: EncodedSound, arrivedAt: number): number => {
    const leftMs = pace.dueAt(before.capturedAt + OBJECT_MS, arrivedAt) - pace.leadMs() - arrivedAt;
    return arrivedAt + Math.min(Math.max(leftMs, TOGETHER_MS), DELAY.capMs);
  };
  return {
    arrive(sound, now) {
      // A repeat of what had come, or another session's: neither says anything of the line.
      if (!arrivals.isFirst(sound)) return false;
      const newest = held.at(-1)?.sound ?? last;
      pace.observe(sound, now, newest !== undefined && isBefore(sound, newest));
      settlesAt ??= now + SETTLE_MS;
      if (last !== undefined && !isBefore(last, sound)) return true;
      const at = held.findIndex((each) => isBefore(sound, each.sound));
      held.splice(at === -1 ? held.length : at, 0, { sound, arrivedAt: now });
      if (held.length > HELD_MAX) held.shift();
      return true;
    },
    take(now) {
      if (settlesAt === undefined || now < settlesAt) return [];
      if (last === undefined) dropBacklog(now);
      const taken: EncodedSound[] = [];
      for (const { sound, arrivedAt } of held) {
        const isNext = last === undefined || sound.capturedAt - last.capturedAt <= CONTIGUOUS_MS;
        if (!isNext && last !== undefined && now < heldUntil(last, arrivedAt)) break;
        taken.push(sound);
        last = sound;
      }
      held.splice(0, taken.length);
      return taken;
    },
    deadline() {
      const first = held[0];
      if (first === undefined || settlesAt === undefined) return undefined;
      return last === undefined ? settlesAt : heldUntil(last, first.arrivedAt);
    },
    ranDry: pace.ranDry,
    lag: pace.lag,
    steer: pace.steer,
  };
}

interface Pacing extends Pick<AudioJitter, "ranDry" | "lag" | "steer"> {
  /** Something came for the first time; `isRepeat`: behind what is newer, since it was lost before. */
  observe(sound: EncodedSound, now: number, isRepeat: boolean): void;
  /** How far behind the fastest arrival is played. */
  targetMs(now: number): number;
  /** What this device needs from here to the mixer. */
  leadMs(): number;
  /** When sound must be in the mixer: by what plays now, else by what should. */
  dueAt(capturedAt: number, now: number): number;
}

function pacing(): Pacing {
  const delay = createDelay(DELAY);
  const dry = dryness();
  const late = lateLately();
  const lagging = lagsOf();
  let heard: Playhead | undefined;

  const leadMs = (): number => LEAD_MS + lagging.moreMs();
  const targetMs = (now: number): number =>
    Math.min(Math.max(delay.targetMs() + dry.extraMs(now), late.mostMs(now) + LEAD_MS) + lagging.moreMs(), DELAY.capMs);
  return {
    observe({ capturedAt }, now, isRepeat) {
      const heldMs = targetMs(now) - leadMs();
      delay.observe(capturedAt, now);
      const lateMs = now - capturedAt - (delay.anchor() ?? 0);
      // Also of one that is too late: the next will be in time.
      const isWorthIt = isRepeat
        ? lateMs <= REPEAT_MS_MAX
        : lateMs > heldMs && lateMs <= heldMs + LATE_MS_MAX;
      if (isWorthIt) late.note(lateMs, now);
    },
    targetMs,
    leadMs,
    dueAt: (capturedAt, now) =>
      heard === undefined
        ? capturedAt + (delay.anchor() ?? 0) + targetMs(now)
        : heard.at + capturedAt - heard.capturedAt,
    ranDry: dry.add,
    lag: lagging.note,
    steer(playhead, now) {
      heard = playhead;
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

/** How far behind this device was lately at its worst. */
function lagsOf(): { note(lagMs: number, now: number): void; moreMs(): number } {
  // The least of negative ones.
  const lags = windowMinimum(LAG_BUCKETS.ms, LAG_BUCKETS.count);
  return {
    note(lagMs, now) {
      if (lagMs <= LAG_MS_MAX) lags.add(-lagMs, now);
    },
    moreMs: () => Math.max(-(lags.value() ?? 0) - LAG_MS_USUAL, 0),
  };
}

/** How late those came lately that are to be waited for. */
function lateLately(): { note(lateMs: number, now: number): void; mostMs(now: number): number } {
  let noted: readonly { readonly lateMs: number; readonly at: number }[] = [];
  const lately = (now: number) => noted.filter(({ at }) => now - at < LATE_FOR_MS);
  return {
    note(lateMs, now) {
      noted = [...lately(now), { lateMs, at: now }];
    },
    mostMs: (now) => Math.max(0, ...lately(now).map((each) => each.lateMs)),
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
