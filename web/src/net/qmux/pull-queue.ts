/**
 * A readable stream that takes an item only when someone reads: what is handed over has been asked
 * for, so that flow control counts what was read and not what was buffered.
 */

import { latch, type Latch } from "../deadline.ts";

export interface PullQueue<T> {
  readonly readable: ReadableStream<T>;
  /** What no one has read yet. The bound is the caller's: flow control limits what a peer may send. */
  readonly waiting: readonly T[];
  push(item: T): void;
  /** Throws away what has waited longest. */
  dropOldest(): void;
  /** Nothing follows; what waits can still be read. */
  end(): void;
  /** Breaks off: what waits is dropped. */
  fail(error: unknown): void;
}

export interface PullEvents<T> {
  /** An item went to the reader. */
  onTaken(item: T): void;
  /** The reader wants no more; `left` are dropped. */
  onCancel(reason: unknown, left: readonly T[]): void;
}

export function pullQueue<T>({ onTaken, onCancel }: PullEvents<T>): PullQueue<T> {
  const waiting: T[] = [];
  let controller: ReadableStreamDefaultController<T> | undefined;
  let wanted: Latch<void> | undefined;
  let state: "open" | "ending" | "over" = "open";

  const give = (): boolean => {
    const item = waiting.shift();
    if (item === undefined) return false;
    controller?.enqueue(item);
    onTaken(item);
    return true;
  };
  const closeIfDrained = (): void => {
    if (state !== "ending" || waiting.length > 0) return;
    state = "over";
    controller?.close();
  };
  const answer = (): void => {
    wanted?.resolve();
    wanted = undefined;
  };
  const readable = new ReadableStream<T>(
    {
      start(started) {
        controller = started;
      },
      pull() {
        if (give()) {
          closeIfDrained();
          return undefined;
        }
        wanted = latch();
        return wanted.promise;
      },
      cancel(reason) {
        state = "over";
        onCancel(reason, waiting.splice(0));
        answer();
      },
    },
    { highWaterMark: 0 },
  );
  return {
    readable,
    waiting,
    push(item) {
      if (state !== "open") return;
      waiting.push(item);
      if (wanted !== undefined) give();
      answer();
    },
    dropOldest: () => void waiting.shift(),
    end() {
      if (state !== "open") return;
      state = "ending";
      closeIfDrained();
      answer();
    },
    fail(error) {
      if (state === "over") return;
      state = "over";
      waiting.length = 0;
      controller?.error(error);
      answer();
    },
  };
}
