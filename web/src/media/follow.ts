/** A subscription that is asked for again while it is wanted: publishers come back. */

import type { RequestEnd, Subscriber, Subscription } from "../moqt/types.ts";

const RETRY_FIRST_MS = 300;
const RETRY_MS_MAX = 8_000;
/** A subscription that lived this long was none that fails at once. */
const STABLE_MS = 5_000;

/** `subscriber` makes a new one for each attempt. Ends with `close` or the session. */
export function follow(
  subscribe: (subscriber: Subscriber) => Subscription,
  subscriber: () => Subscriber,
): { close(): void } {
  let subscription: Subscription | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = RETRY_FIRST_MS;
  let isOver = false;

  const again = (end: RequestEnd, startedAt: number): void => {
    if (isOver || end.kind === "sessionClosed") return;
    if (performance.now() - startedAt > STABLE_MS) retryMs = RETRY_FIRST_MS;
    const asked = end.kind === "refused" ? (end.retryAfterMs ?? 0) : 0;
    timer = setTimeout(ask, Math.max(retryMs, asked));
    retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
  };
  const ask = (): void => {
    const startedAt = performance.now();
    subscription = subscribe(subscriber());
    subscription.ended.then((end) => again(end, startedAt));
  };
  ask();
  return {
    close() {
      isOver = true;
      clearTimeout(timer);
      subscription?.cancel();
    },
  };
}
