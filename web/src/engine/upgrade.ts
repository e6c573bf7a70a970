/**
 * When a session on the WebSocket looks for a better way: at once when that is being dialled already or
 * the network changed, else now and then, with more and more patience.
 */

import type { Carrier } from "../net/transport.ts";

/** Whoever blocks UDP does so for the lesson; a WLAN that was only slow is better by then. */
const FIRST_MS = 20_000;
/** Browsers refuse to dial after 64 dials without an answer: a school day has less than that. */
const LONGEST_MS = 15 * 60 * 1_000;

export interface Upgrade {
  /** A session is there, by this way. `isDialled`: the better way was only slower. */
  opened(carrier: Carrier, isDialled: boolean): void;
  /** No session is there. */
  closed(): void;
  /** Not before `ms` from now: the better way was tried and brought nothing. */
  rest(ms: number): void;
  hurry(): void;
  /** Calls `attempt` when it is time. */
  tick(): void;
}

/** `attempt` answers whether the session has moved. `now` is in ms. */
export function upgrading(now: () => number, attempt: () => Promise<boolean>): Upgrade {
  let isWaiting = false;
  let isTrying = false;
  let pauseMs = FIRST_MS;
  let dueAt = 0;
  let restsUntil = 0;

  const tryNow = async (): Promise<boolean> => {
    isTrying = true;
    const isMoved = await attempt();
    isTrying = false;
    return isMoved;
  };
  const tryWhenDue = async (): Promise<void> => {
    if (await tryNow()) return;
    pauseMs = Math.min(pauseMs * 2, LONGEST_MS);
    dueAt = now() + pauseMs;
  };
  return {
    opened(carrier, isDialled) {
      isWaiting = carrier === "webSocket";
      pauseMs = FIRST_MS;
      dueAt = now() + pauseMs;
      if (isWaiting && isDialled && !isTrying) void tryNow();
    },
    closed() {
      isWaiting = false;
    },
    rest(ms) {
      restsUntil = now() + ms;
    },
    hurry() {
      pauseMs = FIRST_MS;
      dueAt = now();
    },
    tick() {
      if (isWaiting && !isTrying && now() >= Math.max(dueAt, restsUntil)) void tryWhenDue();
    },
  };
}
