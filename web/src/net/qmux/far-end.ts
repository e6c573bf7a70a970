/** The other end of a session's socket, for tests: a clock that is set by hand, and a socket that can fill up. */

import type { Socket, Timing } from "./session.ts";

export interface FarEnd {
  readonly socket: Socket;
  readonly timing: Timing;
  /** The records sent so far. */
  readonly records: Uint8Array[];
  isClosed(): boolean;
  /** How many bytes the socket says it holds. */
  hold(bytes: number): void;
  /** Lets `ms` pass, with everything that is due on the way. */
  pass(ms: number): void;
}

export function farEnd(onRecord: (record: Uint8Array) => void = () => undefined): FarEnd {
  const records: Uint8Array[] = [];
  const timers = new Set<{ readonly at: number; readonly wake: () => void }>();
  let isClosed = false;
  let held = 0;
  let now = 0;
  const nextDue = (until: number) =>
    [...timers].filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at)[0];
  return {
    socket: {
      get bufferedAmount() {
        return held;
      },
      send(record) {
        records.push(record);
        onRecord(record);
      },
      close() {
        isClosed = true;
      },
    },
    timing: {
      now: () => now,
      after(ms, wake) {
        const timer = { at: now + ms, wake };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    records,
    isClosed: () => isClosed,
    hold(bytes) {
      held = bytes;
    },
    pass(ms) {
      const until = now + ms;
      for (let due = nextDue(until); due !== undefined; due = nextDue(until)) {
        timers.delete(due);
        now = due.at;
        due.wake();
      }
      now = until;
    },
  };
}
