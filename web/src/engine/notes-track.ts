/** The room's `notes` track: by every session that lives, while the page wants it. */

import type { Session } from "../moqt/types.ts";
import { keepSubscribed, type Kept } from "./keep-subscribed.ts";
import { newestGroup } from "./newest.ts";

/** Below speech and the other control tracks, above pictures. */
const NOTES_SUBSCRIBER_PRIORITY = 48;

export interface NotesTracks {
  /** Follows by a session, when it is wanted, as long as that lives. */
  attach(session: Session, room: string): void;
  want(isWanted: boolean): void;
}

export function notesTracks(onText: (text: string) => void): NotesTracks {
  const rooms = new Map<Session, string>();
  const followed = new Map<Session, Kept>();
  let isWanted = false;

  const follow = (session: Session, room: string): void => {
    const kept = keepSubscribed((onArrival) => {
      const newest = newestGroup(
        (text) => {
          onArrival();
          onText(text);
        },
        () => kept.renew(),
      );
      const subscription = session.subscribe([room], "notes", { priority: NOTES_SUBSCRIBER_PRIORITY }, newest.subscriber);
      void subscription.ended.then(newest.close);
      return subscription;
    });
    followed.set(session, kept);
  };
  const leave = (session: Session): void => {
    followed.get(session)?.stop();
    followed.delete(session);
  };
  return {
    attach(session, room) {
      rooms.set(session, room);
      if (isWanted) follow(session, room);
      void session.closed.then(() => {
        leave(session);
        rooms.delete(session);
      });
    },
    want(next) {
      if (next === isWanted) return;
      isWanted = next;
      if (isWanted) rooms.forEach((room, session) => follow(session, room));
      else rooms.forEach((_, session) => leave(session));
    },
  };
}
