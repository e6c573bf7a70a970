/**
 * Keeps the line to the room: which step follows which, as one pure function. The driver in
 * `drive.ts` owns the clock, the HTTP request and the engine.
 *
 * Each dial asks for a fresh ticket first, since a token is good for 60 s only. At most one dial is
 * in flight: `asking` and `opening` are states, not flags.
 */

import type { Line, Ticket } from "../engine/messages.ts";
import { JOIN_DEADLINE_MS, type JoinFailure } from "./join.ts";

/** A blink of the WLAN should not flash a banner. */
export const BANNER_AFTER_MS = 1_500;
const BACKOFF_FIRST_MS = 300;
const BACKOFF_MAX_MS = 8_000;
/**
 * A request that was made while nothing got through is sent again after ever longer times, and would
 * come long after the line is back: the first ones are given up early, and made anew.
 */
const ASK_FIRST_MS = 2_000;
/** SETUP has 5 s at the relay; three times that covers a handshake with loss. */
const OPEN_DEADLINE_MS = 15_000;
/** MoQT EXPIRED_AUTH_TOKEN: the ticket grew old on its way, a fresh one will do. */
const EXPIRED_AUTH_TOKEN = 0x18;

/** Why there will be no further dial. */
export type LineEnd =
  | { readonly why: "left" }
  /** `receipt`: by it whoever led the lesson gets its receipt, when they come back after its end. */
  | { readonly why: "ended"; readonly receipt?: string }
  /** The same participant came in from another tab or device. */
  | { readonly why: "replaced" }
  /** The seat cannot be had again: the way in is the link. */
  | { readonly why: "expired" }
  | { readonly why: "full" }
  /** Nobody new may come in. */
  | { readonly why: "locked" }
  /** A moderator sent us away. */
  | { readonly why: "removed" }
  | { readonly why: "turnedAway" }
  /** Too much was sent from here: not for a minute. */
  | { readonly why: "flooding" }
  | { readonly why: "refused"; readonly code: number; readonly reason: string };

export type LineState =
  | { readonly state: "asking"; readonly attempt: number; readonly since: number }
  | { readonly state: "opening"; readonly attempt: number; readonly since: number; readonly until: number }
  | { readonly state: "open" }
  | { readonly state: "waiting"; readonly attempt: number; readonly since: number; readonly until: number }
  | { readonly state: "over"; readonly end: LineEnd };

export type LineInput =
  | { readonly kind: "ticket"; readonly ticket: Ticket }
  | { readonly kind: "noTicket"; readonly failure: JoinFailure }
  | { readonly kind: "line"; readonly line: Line }
  /** The network came back or the person asked: no reason to wait for the back-off. */
  | { readonly kind: "hurry" }
  | { readonly kind: "end"; readonly end: LineEnd }
  | { readonly kind: "time" };

export type LineEffect =
  | { readonly kind: "ask"; readonly withinMs: number }
  | { readonly kind: "open"; readonly ticket: Ticket }
  /** For good: nothing is opened after it. */
  | { readonly kind: "close" };

export interface LineStep {
  readonly line: LineState;
  readonly effects: readonly LineEffect[];
}

/** `draw` is a number in [0, 1) for the jitter: a class thrown out together comes back spread out. */
export interface Moment {
  readonly now: number;
  readonly draw: number;
}

/** The first dial, with the ticket of the join screen. */
export function dial(ticket: Ticket, now: number): LineStep {
  return {
    line: { state: "opening", attempt: 0, since: now, until: now + OPEN_DEADLINE_MS },
    effects: [{ kind: "open", ticket }],
  };
}

/** When `step` wants a `time` input; null when nothing is due. */
export function deadline(line: LineState): number | null {
  return line.state === "opening" || line.state === "waiting" ? line.until : null;
}

export function step(line: LineState, input: LineInput, moment: Moment): LineStep {
  if (line.state === "over") {
    return stay(line);
  }
  switch (input.kind) {
    case "end":
      return { line: { state: "over", end: input.end }, effects: [{ kind: "close" }] };
    case "line":
      return followEngine(line, input.line, moment);
    case "ticket":
      return line.state === "asking" ? openWith(line, input.ticket, moment.now) : stay(line);
    case "noTicket":
      return line.state === "asking" ? withoutTicket(line, input.failure, moment) : stay(line);
    case "hurry":
      return line.state === "waiting" ? ask(line) : stay(line);
    case "time":
      return whenDue(line, moment);
  }
}

function followEngine(line: LineState, report: Line, moment: Moment): LineStep {
  switch (report.state) {
    case "connecting":
      return stay(line);
    case "open":
      return line.state === "opening" ? { line: { state: "open" }, effects: [] } : stay(line);
    case "lost":
      return afterLoss(line, moment);
    case "refused":
      return report.code === EXPIRED_AUTH_TOKEN
        ? afterLoss(line, moment)
        : { line: { state: "over", end: endOf(report) }, effects: [{ kind: "close" }] };
  }
}

/** What the relay says of a room that does not take us (`relay/server/src/lessons/mod.rs`). */
const REASONS: ReadonlyMap<string, LineEnd> = new Map([
  ["all seats of the room are taken", { why: "full" }],
  ["the room is locked", { why: "locked" }],
  ["a moderator removed the participant", { why: "removed" }],
  ["the participant's device sent too much", { why: "flooding" }],
]);

function endOf({ code, reason }: Extract<Line, { state: "refused" }>): LineEnd {
  return REASONS.get(reason) ?? { why: "refused", code, reason };
}

/** A loss while we already ask or wait is the echo of the line before. */
function afterLoss(line: LineState, moment: Moment): LineStep {
  if (line.state === "open") {
    return backOff(0, moment.now, moment);
  }
  return line.state === "opening" ? backOff(line.attempt + 1, line.since, moment) : stay(line);
}

function openWith(line: Extract<LineState, { state: "asking" }>, ticket: Ticket, now: number): LineStep {
  return {
    line: { state: "opening", attempt: line.attempt, since: line.since, until: now + OPEN_DEADLINE_MS },
    effects: [{ kind: "open", ticket }],
  };
}

function endedLesson(receipt: string | undefined): LineEnd {
  return receipt === undefined ? { why: "ended" } : { why: "ended", receipt };
}

function withoutTicket(line: Extract<LineState, { state: "asking" }>, failure: JoinFailure, moment: Moment): LineStep {
  switch (failure.code) {
    case "resumeExpired":
    case "linkInvalid":
    case "malformed":
    case "nameInvalid":
      return { line: { state: "over", end: { why: "expired" } }, effects: [{ kind: "close" }] };
    case "lessonEnded":
      return { line: { state: "over", end: endedLesson(failure.receipt) }, effects: [{ kind: "close" }] };
    case "roomFull":
      return { line: { state: "over", end: { why: "full" } }, effects: [{ kind: "close" }] };
    case "roomLocked":
      return { line: { state: "over", end: { why: "locked" } }, effects: [{ kind: "close" }] };
    case "removed":
      return { line: { state: "over", end: { why: "removed" } }, effects: [{ kind: "close" }] };
    case "tooMany": {
      const next = backOff(line.attempt + 1, line.since, moment);
      return next.line.state === "waiting"
        ? { ...next, line: { ...next.line, until: Math.max(next.line.until, moment.now + failure.retryAfterMs) } }
        : next;
    }
    case "unreachable":
    case "unexpected":
      return backOff(line.attempt + 1, line.since, moment);
  }
}

function whenDue(line: LineState, moment: Moment): LineStep {
  if (line.state === "waiting" && moment.now >= line.until) {
    return ask(line);
  }
  if (line.state === "opening" && moment.now >= line.until) {
    // The next `open` replaces the dial nobody answered; `close` is for good.
    return backOff(line.attempt + 1, line.since, moment);
  }
  return stay(line);
}

function ask(line: Extract<LineState, { state: "waiting" }>): LineStep {
  const withinMs = Math.min(ASK_FIRST_MS * 2 ** Math.min(line.attempt, 10), JOIN_DEADLINE_MS);
  return { line: { state: "asking", attempt: line.attempt, since: line.since }, effects: [{ kind: "ask", withinMs }] };
}

/** Doubles from 0.3 s to 8 s, of which at least half is waited. */
function backOff(attempt: number, since: number, moment: Moment): LineStep {
  const full = Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 10), BACKOFF_MAX_MS);
  const pause = Math.max(BACKOFF_FIRST_MS, full * (0.5 + moment.draw / 2));
  return { line: { state: "waiting", attempt, since, until: moment.now + pause }, effects: [] };
}

function stay(line: LineState): LineStep {
  return { line, effects: [] };
}
