/**
 * What hangs on one session: the room's tracks, who publishes what, our own tracks, and the media of
 * others. While a second session takes over, two of these live side by side.
 */

import type { Receiver } from "../media/types.ts";
import { latch, within, type Latch } from "../net/deadline.ts";
import type { Offering, Session } from "../moqt/types.ts";
import type { CatalogTrack } from "./catalog.ts";
import type { BoardTracks } from "./board-tracks.ts";
import type { Company } from "./company.ts";
import { followRoom, type RoomObject } from "./control-tracks.ts";
import { discover } from "./discovery.ts";
import type { Ticket } from "./messages.ts";
import { watched } from "./watched.ts";

/** What the relay asks us for again it asks for at once; what it does not want any more, never. */
const ASKED_MS_MAX = 2_000;
/** What of our speech is still on its way by the first session: nobody waits for it longer. */
const ON_ITS_WAY_MS = 400;
/** The first session goes on for 5 s after the second one is there (docs/protocol.md). */
const ROOM_MS_MAX = 4_000;
/** By then everyone who is still there has been heard of. */
const FORGET_AFTER_MS = 5_000;

export interface Attached {
  /** The tracks that the relay asked us for by this session. */
  readonly asked: ReadonlySet<string>;
  /** Everyone who publishes, as far as this session told. */
  readonly publishers: ReadonlySet<string>;
  /** Settles when all that `before` brings and takes goes by this session; false when the room did not come. */
  takeOver(before: Attached): Promise<boolean>;
  /** What still comes by this session is not for the page: another one has taken over. */
  silence(): void;
  /** Looks whether something is missing. */
  tick(): void;
}

export interface AttachedParts {
  readonly ticket: Ticket;
  readonly receiver: Receiver;
  readonly offer: Offering;
  readonly company: Company;
  readonly boards: BoardTracks;
  onRoom(object: RoomObject): void;
  /** The session lives, but something of it broke. */
  lose(reason: string): void;
  onStarved(): void;
  /** ms */
  now(): number;
}

export function attach(session: Session, parts: AttachedParts): Attached {
  const { ticket, receiver, lose, now } = parts;
  const asked = new Set<string>();
  const publishers = new Set<string>();
  const seen = { state: latch<void>(), inbox: latch<void>() };
  const changed = notices();
  let isSilenced = false;
  let inherited: { readonly publishers: ReadonlySet<string>; readonly until: number } | undefined;

  const watch = watched(session, ticket, now, parts.onStarved);
  // Before discovery, which brings the first catalogs.
  const connected = receiver.connect({
    hasSwitchingTracks: session.hasSwitchingTracks,
    subscribe: (from, track, options, subscriber) => watch.subscribe([ticket.room, from], track, options, subscriber),
  });
  session.closed.then(() => {
    if (!isSilenced) receiver.disconnect();
  });
  const offer: Offering = (track) => {
    const offered = parts.offer(track);
    if (offered === undefined || !("start" in offered)) return offered;
    return {
      ...offered,
      start(publication) {
        asked.add(track);
        changed.tell();
        publication.ended.then(() => asked.delete(track));
        offered.start(publication);
      },
    };
  };
  session.announce([ticket.room, ticket.participant], offer).ended.then((end) => {
    if (end.kind !== "sessionClosed") lose(`our tracks: ${end.kind}`);
  });
  const onRoom = (object: RoomObject): void => {
    seen[object.kind].resolve();
    if (!isSilenced) parts.onRoom(object);
  };
  followRoom(session, ticket, onRoom, lose);
  parts.boards.follow(session, ticket.room, () => isSilenced);
  const onCatalog = (participant: string, tracks: readonly CatalogTrack[]): void => {
    publishers.add(participant);
    if (!isSilenced) receiver.setTracks(participant, tracks);
  };
  discover(session, ticket, onCatalog, { onBroken: lose, isIn: seen.state.promise, company: parts.company });
  return {
    asked,
    publishers,
    async takeOver(before) {
      const isAsked = changed.until(() => [...before.asked].every((track) => asked.has(track)));
      const room = Promise.all([seen.state.promise, seen.inbox.promise]).then(() => true);
      const [hasRoom] = await Promise.all([
        within(ROOM_MS_MAX, Promise.race([room, session.closed.then(() => false)])),
        within(ASKED_MS_MAX, isAsked.then(() => hasLeft(before))),
        connected,
      ]);
      inherited = { publishers: before.publishers, until: now() + FORGET_AFTER_MS };
      return hasRoom === true;
    },
    silence() {
      isSilenced = true;
    },
    tick() {
      watch.tick();
      if (inherited === undefined || now() < inherited.until) return;
      for (const participant of inherited.publishers) {
        if (!publishers.has(participant)) receiver.setTracks(participant, []);
      }
      inherited = undefined;
    },
  };
}

/** Settles when nothing that we sent by a session is on its way any more. */
const hasLeft = ({ asked }: Attached): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, asked.size > 0 ? ON_ITS_WAY_MS : 0);
  });

interface Notices {
  /** Settles as soon as `holds` does, which is looked at with each `tell`. */
  until(holds: () => boolean): Promise<void>;
  tell(): void;
}

function notices(): Notices {
  const waiting = new Map<Latch<void>, () => boolean>();
  const tell = (): void => {
    for (const [waiter, holds] of waiting) {
      if (!holds()) continue;
      waiting.delete(waiter);
      waiter.resolve();
    }
  };
  return {
    until(holds) {
      const waiter = latch<void>();
      waiting.set(waiter, holds);
      tell();
      return waiter.promise;
    },
    tell,
  };
}
