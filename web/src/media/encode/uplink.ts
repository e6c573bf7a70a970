/**
 * What of a camera is sent when our line is too slow for all of it: pure, state in, decision out.
 *
 * The ladder is climbed down from the top: the highest rendition gives up its enhancement layers, then
 * itself, then the next one. The lowest keeps its base layer, of which frames are left out before they
 * are encoded. A processor that is too slow encodes the layers all the same, so the rendition goes at
 * once. After a time without trouble the last step is tried again; when that fails, later.
 */

import { LAYERS_MAX } from "../layer-ids.ts";

/** More than this waits: the line is too slow. */
export const FULL_MS = 150;
/** Less than this waits: it is not any more. */
const CLEAR_MS = 75;
/** How full the line is shows when a group has left: the next one must begin and end. */
const APART_MS = 2_500;
const BACKOFF_MS = 4_000;
const BACKOFF_MS_MAX = 16_000;
/** A step up that is taken back within this time has failed. */
const TRIAL_MS = 8_000;

/** One rendition of those that the camera has, lowest first. */
export interface Rung {
  /** What waits to be sent or encoded, in ms; undefined while nobody subscribes. */
  readonly waitingMs: number | undefined;
  /** What waits, waits for the processor and not for the line. */
  readonly isLate: boolean;
  /** Temporal layers of its encoder. */
  readonly layers: number;
}

export interface Uplink {
  /** Steps down from the top. */
  readonly cut: number;
  readonly cutAt: number;
  readonly raisedAt: number;
  readonly fullSince: number | undefined;
  readonly calmSince: number;
  /** How long the line must be calm before a step up. */
  readonly backoffMs: number;
}

/** A line of which nothing bad is known. */
export const OPEN_UPLINK: Uplink = {
  cut: 0,
  cutAt: -Infinity,
  raisedAt: -Infinity,
  fullSince: undefined,
  calmSince: -Infinity,
  backoffMs: BACKOFF_MS,
};

/** Temporal layers that may be sent of each of `count` renditions, lowest first; 0: it is off. */
export function limits({ cut }: Pick<Uplink, "cut">, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const above = (count - 1 - index) * LAYERS_MAX;
    const kept = index === 0 ? 1 : 0;
    return Math.max(LAYERS_MAX - Math.max(cut - above, 0), kept);
  });
}

/** The next state; `now` is in ms. A line that is full for less than `patienceMs` has only carried a key frame. */
export function decide(state: Uplink, now: number, rungs: readonly Rung[], patienceMs: number): Uplink {
  const waitingMs = Math.max(0, ...rungs.map((rung) => rung.waitingMs ?? 0));
  const isFull = waitingMs > FULL_MS || (state.fullSince !== undefined && waitingMs > CLEAR_MS);
  if (!isFull) {
    const calm = state.fullSince === undefined ? state : { ...state, fullSince: undefined, calmSince: now };
    return now - Math.max(calm.calmSince, calm.cutAt, calm.raisedAt) < calm.backoffMs ? calm : raised(calm, now, rungs);
  }
  const fullSince = state.fullSince ?? now;
  const isLasting = now - fullSince >= patienceMs && now - state.cutAt >= APART_MS;
  return isLasting ? lowered(state, now, rungs, fullSince) : { ...state, fullSince };
}

function lowered(state: Uplink, now: number, rungs: readonly Rung[], fullSince: number): Uplink {
  const step = stepped(state.cut, 1, rungs);
  if (step === state.cut) return { ...state, fullSince };
  const cut = rungs.some(({ isLate }) => isLate) ? whole(step, rungs.length) : step;
  const hasFailed = now - state.raisedAt < TRIAL_MS;
  const backoffMs = hasFailed ? Math.min(state.backoffMs * 2, BACKOFF_MS_MAX) : BACKOFF_MS;
  return { ...state, cut, cutAt: now, fullSince, backoffMs };
}

function raised(state: Uplink, now: number, rungs: readonly Rung[]): Uplink {
  const cut = stepped(state.cut, -1, rungs);
  return cut === state.cut ? state : { ...state, cut, raisedAt: now };
}

/** The next step that changes what is sent; the same one when there is none. */
function stepped(from: number, by: 1 | -1, rungs: readonly Rung[]): number {
  const before = effect(from, by, rungs);
  const last = by === 1 ? rungs.length * LAYERS_MAX - 1 : 0;
  for (let cut = from + by; cut * by <= last * by; cut += by) {
    if (effect(cut, by, rungs) !== before) return cut;
  }
  // Nothing that anyone subscribes to is held back any more.
  return by === 1 ? from : last;
}

/** The step that gives up all of the rendition of which this one gives up layers. */
const whole = (cut: number, count: number): number =>
  Math.min(Math.ceil(cut / LAYERS_MAX) * LAYERS_MAX, count * LAYERS_MAX - 1);

/**
 * What is sent, to compare. What nobody subscribes to makes nothing better on the way down; on the way
 * up it may be subscribed to again as soon as it is not off any more.
 */
function effect(cut: number, by: 1 | -1, rungs: readonly Rung[]): string {
  const sent = limits({ cut }, rungs.length).map((limit, index) => {
    const { layers, waitingMs } = rungs[index] ?? { layers: 0, waitingMs: undefined };
    const unwanted = by === 1 ? 0 : 1;
    return Math.min(limit, waitingMs === undefined ? unwanted : layers);
  });
  return sent.join();
}

/** The same renditions are sent when the camera has others above them, or has not any more. */
export function moved(state: Uplink, before: number, after: number): Uplink {
  return state.cut === 0 ? state : { ...state, cut: Math.max(state.cut + (after - before) * LAYERS_MAX, 0) };
}
