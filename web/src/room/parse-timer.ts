/** Reads the timer out of objects of the control tracks. */

import { asFields, isCount } from "./fields.ts";
import type { Timer, TimerClock, TimerForm } from "./messages.ts";

/** One that cannot be read is none. */
export function timer(value: unknown): Timer | null {
  const fields = asFields(value);
  const measured = form(fields?.["form"]);
  const shown = clock(fields?.["clock"]);
  return measured === null || shown === null ? null : { form: measured, clock: shown };
}

function form(value: unknown): TimerForm | null {
  const { kind, seconds } = asFields(value) ?? {};
  if (kind === "countdown") {
    return isCount(seconds) ? { kind, seconds } : null;
  }
  return kind === "stopwatch" ? { kind } : null;
}

function clock(value: unknown): TimerClock | null {
  const { kind, zeroAt, showsMs } = asFields(value) ?? {};
  if (kind === "runs") {
    return isCount(zeroAt) ? { kind, zeroAt } : null;
  }
  return kind === "paused" && isCount(showsMs) ? { kind, showsMs } : null;
}
