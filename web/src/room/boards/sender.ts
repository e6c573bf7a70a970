/**
 * Sends what we draw: gathered into few commands, at most so many of them unanswered, so that a slow line
 * gets larger ones and not more. Pieces of one stroke become one, and of several moves the last counts.
 */

import type { Settled } from "../commands.ts";
import type { BoardOp, Command, Refusal } from "../messages.ts";
import type { BoardModel, Pending } from "./model.ts";

/** A stroke in progress is seen live at this pace; well below what the room takes. */
const EVERY_MS = 60;
const UNANSWERED_MAX = 6;
/** As the room takes them (proto/src/room/boards): the text of one command has a bound too. */
const OPS_MAX = 64;
const CHARS_MAX = 11_000;
/** An answer comes by another way than the board: what we drew stays shown until both are here. */
const SETTLE_MS = 1_500;

export interface Sender {
  /** Shows and sends. */
  draw(ops: readonly BoardOp[]): void;
  point(at: readonly [number, number] | null): void;
  close(): void;
}

export interface SenderOptions {
  readonly board: string;
  readonly model: BoardModel;
  ask(command: Command): Promise<Settled> | null;
  /** The room did not take something. */
  onRefused(refusal: Refusal): void;
}

interface Queued {
  readonly pending: Pending;
  readonly op: BoardOp;
}

export function createSender({ board, model, ask, onRefused }: SenderOptions): Sender {
  let queue: Queued[] = [];
  let pointing: readonly [number, number] | null | undefined;
  let unanswered = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  const later = (ms: number): void => {
    if (!isClosed) timer ??= setTimeout(flush, ms);
  };
  const flush = (): void => {
    timer = undefined;
    if (unanswered < UNANSWERED_MAX && !sendPointing()) {
      const [batch, rest] = cut(queue);
      if (batch.length > 0 && send(batch)) queue = rest;
    }
    if (queue.length > 0 || pointing !== undefined) later(EVERY_MS);
  };
  const sendPointing = (): boolean => {
    if (pointing === undefined || queue.length > 0) return false;
    void ask({ kind: "board", act: { kind: "point", board, at: pointing === null ? null : [...pointing] } });
    pointing = undefined;
    return true;
  };
  const send = (batch: readonly Queued[]): boolean => {
    const ops = merged(batch.map(({ op }) => op));
    const answer = ask({ kind: "board", act: { kind: "draw", board, ops } });
    if (answer === null) return false;
    // What is sent together comes back together.
    const sent = model.send(batch.map(({ pending }) => pending), ops);
    unanswered += 1;
    void answer.then(({ refusal }) => {
      unanswered -= 1;
      if (refusal === null) setTimeout(() => model.settle(sent), SETTLE_MS);
      else if (refusal.code === "tooFast") again(ops, sent, refusal.retryAfterMs);
      else {
        model.settle(sent);
        onRefused(refusal);
      }
    });
    return true;
  };
  /** What came after it stands on what was refused: shapes are sent as they are shown. */
  const again = (ops: readonly BoardOp[], sent: Pending, ms: number): void => {
    const whole = [...new Set(ops.map(({ id }) => id))].map((id): BoardOp => {
      const shape = model.shown.get(id);
      const placed = ops.find((op) => op.kind === "put" && op.id === id && op.below !== undefined);
      if (shape === undefined) return { kind: "remove", id };
      return placed?.kind === "put" && placed.below !== undefined ? { kind: "put", id, shape, below: placed.below } : { kind: "put", id, shape };
    });
    for (const op of whole) queue.push({ pending: model.draw([op]), op });
    model.settle(sent);
    later(ms);
  };
  return {
    draw(ops) {
      for (const op of ops) queue.push({ pending: model.draw([op]), op });
      later(EVERY_MS);
    },
    point(at) {
      pointing = at;
      later(EVERY_MS);
    },
    close() {
      clearTimeout(timer);
      timer = undefined;
      flush();
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

/** What fits into one command, and the rest. */
function cut(queue: readonly Queued[]): [readonly Queued[], Queued[]] {
  let chars = 0;
  let count = 0;
  for (const { op } of queue) {
    chars += sizeOf(op);
    if (count > 0 && (count >= OPS_MAX || chars > CHARS_MAX)) break;
    count += 1;
  }
  return [queue.slice(0, count), queue.slice(count)];
}

const sizeOf = (op: BoardOp): number => 90 + (op.kind === "put" ? op.shape.length + (op.below?.length ?? 0) + 10 : op.kind === "extend" ? op.points.length : 0);

/** Pieces of a stroke joined, of moves the last. */
export function merged(ops: readonly BoardOp[]): BoardOp[] {
  const all: BoardOp[] = [];
  for (const op of ops) {
    const place = all.findLastIndex(({ id }) => id === op.id);
    const before = all[place];
    const joined = before === undefined ? null : join(before, op);
    if (joined === null) all.push(op);
    else all[place] = joined;
  }
  return all;
}

function join(before: BoardOp, op: BoardOp): BoardOp | null {
  if (op.kind === "extend" && before.kind === "put" && before.shape.length === op.at) {
    return { ...before, shape: before.shape + op.points };
  }
  if (op.kind === "extend" && before.kind === "extend" && before.at + before.points.length === op.at) {
    return { ...before, points: before.points + op.points };
  }
  if (op.kind === "put" && before.kind !== "remove") {
    // A new one stays where it was put first.
    const below = before.kind === "put" ? before.below : undefined;
    return below === undefined ? op : { ...op, below };
  }
  return op.kind === "place" && before.kind === "place" ? op : null;
}
