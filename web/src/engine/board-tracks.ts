/** The whiteboards that the page reads: subscribed on every session that there is, as long as they are wanted. */

import type { Session } from "../moqt/types.ts";
import { keepSubscribed } from "./keep-subscribed.ts";
import type { Kept } from "./keep-subscribed.ts";
import { newestObjects } from "./newest.ts";
import { unpacking } from "./unpack.ts";

/** Subscriber priority: behind the room's state, before pictures. */
const SUBSCRIBER_PRIORITY = 72;
/** A board may be opened a moment after we heard of it. */
const RENDEZVOUS_MS = 10_000;

export interface BoardTracks {
  /** The page reads these from now on. */
  want(boards: readonly string[]): void;
  /** Reads them by this session too; of two that stand at a time objects come twice, with their revisions. */
  follow(session: Session, room: string, isSilenced: () => boolean): void;
}

export function boardTracks(onText: (board: string, text: string) => void): BoardTracks {
  let wanted: ReadonlySet<string> = new Set();
  const reviews = new Set<() => void>();
  return {
    want(boards) {
      wanted = new Set(boards);
      for (const review of reviews) review();
    },
    follow(session, room, isSilenced) {
      const kept = new Map<string, Kept>();
      const subscribe = (board: string): Kept =>
        keepSubscribed((onArrival) => {
          const renew = (): void => kept.get(board)?.renew();
          const take = unpacking((text) => {
            if (!isSilenced()) onText(board, text);
          }, renew);
          const newest = newestObjects((payload) => {
            onArrival();
            take(payload);
          }, renew);
          const options = { priority: SUBSCRIBER_PRIORITY, rendezvousMs: RENDEZVOUS_MS };
          const subscription = session.subscribe([room], `board/${board}`, options, newest.subscriber);
          void subscription.ended.then(newest.close);
          return subscription;
        });
      const review = (): void => {
        for (const [board, subscription] of kept) {
          if (wanted.has(board)) continue;
          subscription.stop();
          kept.delete(board);
        }
        for (const board of wanted) if (!kept.has(board)) kept.set(board, subscribe(board));
      };
      reviews.add(review);
      session.closed.then(() => {
        reviews.delete(review);
        for (const subscription of kept.values()) subscription.stop();
      });
      review();
    },
  };
}
