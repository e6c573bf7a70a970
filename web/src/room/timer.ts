/** What a timer shows at which time of the room; pure. */

import type { Timer } from "./messages.ts";

/** So long before its end a countdown is marked. */
const LAST_SECONDS = 10;
/** A countdown that nobody took away is shown so long after its end. */
export const SHOWN_AFTER_MS = 60_000;
export const TIMER_SECONDS_MAX = 10_800;

export type TimerStage = "runs" | "last" | "over" | "paused";

export interface Reading {
  readonly stage: TimerStage;
  /** What the digits say. */
  readonly seconds: number;
  /** When they say something else; null while they stand still. */
  readonly changesInMs: number | null;
  /** How long a countdown has been over. */
  readonly overMs: number;
}

export function readTimer({ form, clock }: Timer, roomNow: number): Reading {
  const countsDown = form.kind === "countdown";
  if (clock.kind === "paused") {
    const seconds = countsDown ? Math.ceil(clock.showsMs / 1_000) : Math.floor(clock.showsMs / 1_000);
    return { stage: "paused", seconds, changesInMs: null, overMs: 0 };
  }
  if (!countsDown) {
    const passed = Math.max(0, roomNow - clock.zeroAt);
    return { stage: "runs", seconds: Math.floor(passed / 1_000), changesInMs: 1_000 - (passed % 1_000), overMs: 0 };
  }
  const left = clock.zeroAt - roomNow;
  if (left <= 0) {
    return { stage: "over", seconds: 0, changesInMs: left > -SHOWN_AFTER_MS ? SHOWN_AFTER_MS + left : null, overMs: Math.max(0, -left) };
  }
  const seconds = Math.ceil(left / 1_000);
  return { stage: seconds > LAST_SECONDS ? "runs" : "last", seconds, changesInMs: left - (seconds - 1) * 1_000, overMs: 0 };
}

const pad = (n: number) => String(n).padStart(2, "0");

/** `4:59`, `1:02:03`. */
export function digits(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  return hours === 0 ? `${minutes}:${pad(seconds % 60)}` : `${hours}:${pad(minutes)}:${pad(seconds % 60)}`;
}
