/** A subscription that is renewed as long as someone needs it, with more and more patience. */

import type { Subscription } from "../moqt/types.ts";

/** Who goes to another group asks as soon as the page knows it, which may be before the relay lets them. */
const RETRY_FIRST_MS = 200;
/** A track that came back is played again within this time. */
const RETRY_MS_MAX = 15_000;

export interface Kept {
  /** Ends the subscription for good. */
  stop(): void;
  /** Ends this one and begins another. */
  renew(): void;
}

/**
 * Subscribes by `ask`, and again when the subscription ended while its session lives. `ask` gets a
 * function to call when something arrived: asking works, so the next loss is a new one.
 */
export function keepSubscribed(ask: (onArrival: () => void) => Subscription): Kept {
  let subscription: Subscription | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let delayMs = RETRY_FIRST_MS;
  let isStopped = false;

  const onArrival = (): void => {
    delayMs = RETRY_FIRST_MS;
  };
  const begin = (): void => {
    subscription = ask(onArrival);
    subscription.ended.then((end) => {
      if (isStopped || end.kind === "sessionClosed") return;
      const asked = end.kind === "refused" ? (end.retryAfterMs ?? 0) : 0;
      retry = setTimeout(begin, Math.max(delayMs, asked));
      delayMs = Math.min(delayMs * 2, RETRY_MS_MAX);
    });
  };
  begin();
  return {
    stop() {
      isStopped = true;
      clearTimeout(retry);
      subscription?.cancel();
    },
    renew: () => subscription?.cancel(),
  };
}
