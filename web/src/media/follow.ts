/**
 * A subscription that is asked for again while it is wanted: publishers come back. It can move to
 * another session or track: what is asked for there takes over with its first object, until which the
 * one before goes on. Speech has no past to begin with: there both go on for a while.
 */

import type { ReceivedObject, RequestEnd, Subscriber, TrackSubscription } from "../moqt/types.ts";

const RETRY_FIRST_MS = 300;
const RETRY_MS_MAX = 8_000;
/** A subscription that lived this long was none that fails at once. */
const STABLE_MS = 5_000;
/** How long a move waits for a first object. A track that is silent for longer has nothing to lose. */
const MOVE_MS_MAX = 2_000;

export type Ask = (subscriber: Subscriber) => TrackSubscription;

export interface Following {
  /** Goes on by another session or track; settles when that one brings the objects, or has to. */
  move(ask: Ask): Promise<void>;
  /** Of a switching track; who is asked later is told by `ask`. */
  setPictureHeightMax(pixels: number): void;
  close(): void;
}

/**
 * `subscriber` makes a new one with the first object of each attempt. Ends with `close` or the session.
 * For `overlapMs` after its first object what is moved away from goes on: it may be the slower way, on
 * which there is still what was before that object.
 */
export function follow(first: Ask, subscriber: () => Subscriber, overlapMs = 0): Following {
  let subscription: TrackSubscription | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let move: { arrive(): void; end(): void } | undefined;
  let retryMs = RETRY_FIRST_MS;

  const begin = (ask: Ask, onArrival: () => void): void => {
    const startedAt = performance.now();
    const asked = ask(lazily(subscriber, onArrival));
    subscription = asked;
    asked.ended.then((end) => {
      if (subscription === asked) again(ask, end, startedAt);
    });
  };
  const again = (ask: Ask, end: RequestEnd, startedAt: number): void => {
    if (end.kind === "sessionClosed") return;
    if (performance.now() - startedAt > STABLE_MS) retryMs = RETRY_FIRST_MS;
    const wished = end.kind === "refused" ? (end.retryAfterMs ?? 0) : 0;
    timer = setTimeout(() => begin(ask, () => move?.arrive()), Math.max(retryMs, wished));
    retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
  };
  begin(first, () => undefined);
  return {
    move(ask) {
      move?.end();
      clearTimeout(timer);
      const leaving = subscription;
      return new Promise((resolve) => {
        const end = (): void => {
          if (move !== moving) return;
          move = undefined;
          clearTimeout(patience);
          leaving?.cancel();
          resolve();
        };
        let patience = setTimeout(end, MOVE_MS_MAX);
        const arrive = (): void => {
          if (overlapMs === 0 || move !== moving) return end();
          clearTimeout(patience);
          patience = setTimeout(end, overlapMs);
        };
        const moving = { arrive, end };
        move = moving;
        begin(ask, arrive);
      });
    },
    setPictureHeightMax: (pixels) => subscription?.setPictureHeightMax(pixels),
    close() {
      const leaving = subscription;
      subscription = undefined;
      clearTimeout(timer);
      move?.end();
      leaving?.cancel();
    },
  };
}

/** Until something arrives nothing of what is there now is given up for it. */
function lazily(create: () => Subscriber, onArrival: () => void): Subscriber {
  let created: Subscriber | undefined;
  return {
    onObject(object: ReceivedObject) {
      if (created === undefined) {
        created = create();
        onArrival();
      }
      created.onObject(object);
    },
    onSubgroupEnd: (group, subgroup, complete) => created?.onSubgroupEnd?.(group, subgroup, complete),
  };
}
