/**
 * How many pictures this device decodes at a time: pure. Under load fewer at once, with time to see what
 * that brought; in calm more again, ever more carefully when that was too much before. Sound has no budget.
 */

import type { Load } from "./load.ts";

export interface Budget {
  /** Pictures that may move; Infinity: as many as are wanted. */
  readonly most: number;
  /** Nothing is judged before this time. */
  readonly until: number;
  /** Looks in a row that found too much. */
  readonly tense: number;
  /** Since when it is calm; undefined: it is not. */
  readonly calmSince: number | undefined;
  /** How long it has to be calm before more is tried. */
  readonly patienceMs: number;
  /** When more was tried last. */
  readonly raisedAt: number;
}

/** A frame that stays longer in its decoder than two pictures last waits for its turn. */
const DECODE_TENSE_MS = 80;
const DECODE_CALM_MS = 30;
/** Fewer than fifteen drawings a second; a hidden page has 25. */
const BEAT_TENSE_MS = 66;
const BEAT_CALM_MS = 45;
/** One bad second happens to every device. */
const TENSE_LOOKS = 2;
/** What is no longer decoded has left the decoders by then. */
const SETTLE_MS = 3_000;
const PATIENCE_MS = 10_000;
const PATIENCE_MS_MAX = 160_000;
/** Too much so soon after a rise came of the rise. */
const BLAMED_MS = 15_000;
const KEPT_SHARE = 3 / 4;
const RISE_SHARE = 1 / 4;
/** So many small pictures every device decodes that runs this page. */
const LEAST = 4;

export const NO_BUDGET: Budget = {
  most: Number.POSITIVE_INFINITY,
  until: 0,
  tense: 0,
  calmSince: undefined,
  patienceMs: PATIENCE_MS,
  raisedAt: Number.NEGATIVE_INFINITY,
};

/** `wanted`: pictures that are seen and on; times are in ms. Asked about once a second. */
export function regulate(budget: Budget, load: Load, wanted: number, now: number): Budget {
  if (now < budget.until) return budget;
  const moving = Math.min(wanted, budget.most);
  if (isTense(load) && moving > LEAST) {
    const tense = budget.tense + 1;
    return tense < TENSE_LOOKS ? { ...budget, tense, calmSince: undefined } : fewer(budget, moving, now);
  }
  const isCalm = (load.decodeMs ?? 0) <= DECODE_CALM_MS && load.beatMs <= BEAT_CALM_MS;
  const calmSince = isCalm ? (budget.calmSince ?? now) : undefined;
  const next = { ...budget, tense: 0, calmSince };
  const mayRise = budget.most < wanted && calmSince !== undefined && now - calmSince >= budget.patienceMs;
  return mayRise ? more(next, wanted, now) : next;
}

const isTense = ({ decodeMs, beatMs }: Load): boolean => (decodeMs ?? 0) >= DECODE_TENSE_MS || beatMs >= BEAT_TENSE_MS;

function fewer(budget: Budget, moving: number, now: number): Budget {
  const isBlamed = now - budget.raisedAt < BLAMED_MS;
  return {
    ...budget,
    most: Math.max(Math.floor(moving * KEPT_SHARE), LEAST),
    until: now + SETTLE_MS,
    tense: 0,
    calmSince: undefined,
    patienceMs: isBlamed ? Math.min(budget.patienceMs * 2, PATIENCE_MS_MAX) : budget.patienceMs,
  };
}

function more(budget: Budget, wanted: number, now: number): Budget {
  const most = budget.most + Math.max(Math.ceil(budget.most * RISE_SHARE), 1);
  return {
    ...budget,
    most: most >= wanted ? Number.POSITIVE_INFINITY : most,
    until: now + SETTLE_MS,
    calmSince: undefined,
    raisedAt: now,
  };
}
