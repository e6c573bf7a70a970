/**
 * Commands on their way to the room: numbered, kept until answered, sent again after a reconnect.
 *
 * Pure: every function returns the queue after the step and what must be sent now. The room answers
 * a repeated number with its old answer, so sending everything again loses nothing and does nothing
 * twice, as long as one number means one command.
 */

import type { Command, InboxObject, Refusal } from "./messages.ts";

/** Commands kept without an answer. A person types no faster; beyond it `enqueue` refuses. */
export const WAITING_MAX = 64;

export interface Waiting {
  readonly number: number;
  readonly command: Command;
  /** Written at least once: the room may know this number. */
  readonly sent: boolean;
}

export interface Outbox {
  /** Number of the next new command. */
  readonly next: number;
  readonly waiting: readonly Waiting[];
  /** The `commands` track is open: new commands go out at once. */
  readonly ready: boolean;
}

/** A command and its answer; `refusal` is null when the room did what was asked. */
export interface Settled {
  readonly command: Command;
  readonly refusal: Refusal | null;
}

export interface OutboxStep {
  readonly outbox: Outbox;
  /** JSON objects to write now, in this order. */
  readonly send: readonly string[];
  readonly settled: readonly Settled[];
}

export function openOutbox(next: number): Outbox {
  return { next, waiting: [], ready: false };
}

/** Takes a new command; null when too many wait already. */
export function enqueue(outbox: Outbox, command: Command): OutboxStep | null {
  if (outbox.waiting.length >= WAITING_MAX) {
    return null;
  }
  const entry: Waiting = { number: outbox.next, command, sent: outbox.ready };
  return {
    outbox: { ...outbox, next: outbox.next + 1, waiting: [...outbox.waiting, entry] },
    send: outbox.ready ? [write(entry)] : [],
    settled: [],
  };
}

/** The `commands` track (re)started: everything without an answer goes out again, oldest first. */
export function restart(outbox: Outbox): OutboxStep {
  const waiting = outbox.waiting.map((entry) => ({ ...entry, sent: true }));
  return { outbox: { ...outbox, waiting, ready: true }, send: waiting.map(write), settled: [] };
}

/** The line was lost: new commands wait for `restart`. */
export function pause(outbox: Outbox): Outbox {
  return outbox.ready ? { ...outbox, ready: false } : outbox;
}

/** Takes an answer of the room; answers to numbers that do not wait are repetitions. */
export function answer(outbox: Outbox, object: InboxObject): OutboxStep {
  switch (object.kind) {
    case "acknowledged":
      return acknowledge(outbox, object.number, new Map());
    case "snapshot":
      return acknowledge(outbox, object.acknowledged, new Map(object.refused.map((entry) => [entry.number, entry.refusal])));
    case "refused":
      return object.refusal.code === "outOfOrder"
        ? renumber(outbox, object.refusal.expected)
        : refuse(outbox, object.number, object.refusal);
    case "said":
    case "chat":
    case "voted":
    case "counted":
    case "uploaded":
    case "uploadOver":
    case "attendance":
    case "earlier":
    case "log":
    case "consent":
    case "closed":
    case "door":
    case "aside":
    case "line":
    case "lines":
      return { outbox, send: [], settled: [] };
  }
}

function acknowledge(outbox: Outbox, upTo: number, refused: ReadonlyMap<number, Refusal>): OutboxStep {
  const settled: Settled[] = [];
  const waiting: Waiting[] = [];
  for (const entry of outbox.waiting) {
    const refusal = refused.get(entry.number) ?? null;
    if (entry.sent && (entry.number <= upTo || refusal !== null)) {
      settled.push({ command: entry.command, refusal });
    } else {
      waiting.push(entry);
    }
  }
  return { outbox: liftUnsent({ ...outbox, waiting }, upTo), send: [], settled };
}

/**
 * Numbers up to `taken` belong to commands of an earlier life of this page: what was never written
 * moves behind them, else the room would take it for a repetition.
 */
function liftUnsent(outbox: Outbox, taken: number): Outbox {
  if (outbox.next > taken && outbox.waiting.every((entry) => entry.sent || entry.number > taken)) {
    return outbox;
  }
  let next = taken + 1;
  const waiting = outbox.waiting.map((entry) => (entry.sent ? entry : { ...entry, number: next++ }));
  return { ...outbox, waiting, next: Math.max(next, outbox.next) };
}

function refuse(outbox: Outbox, number: number, refusal: Refusal): OutboxStep {
  const entry = outbox.waiting.find((waiting) => waiting.number === number);
  if (entry === undefined) {
    return { outbox, send: [], settled: [] };
  }
  const waiting = outbox.waiting.filter((other) => other !== entry);
  return { outbox: { ...outbox, waiting }, send: [], settled: [{ command: entry.command, refusal }] };
}

/**
 * The room misses numbers (lost with a page that was reloaded, or forgotten with the seat): the
 * queue continues at the expected one. When it already starts there, this is the echo of a command
 * written before the renumbering.
 */
function renumber(outbox: Outbox, expected: number): OutboxStep {
  const first = outbox.waiting[0];
  if (first === undefined) {
    return { outbox: { ...outbox, next: expected }, send: [], settled: [] };
  }
  if (first.number === expected) {
    return { outbox, send: [], settled: [] };
  }
  const waiting = outbox.waiting.map((entry, index) => ({ ...entry, number: expected + index, sent: outbox.ready }));
  return {
    outbox: { ...outbox, waiting, next: expected + waiting.length },
    send: outbox.ready ? waiting.map(write) : [],
    settled: [],
  };
}

function write(entry: Waiting): string {
  return JSON.stringify({ number: entry.number, command: entry.command });
}
