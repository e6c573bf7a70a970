/** The engine: one line at a time, the room's tracks, and the media that go with it. */

import type { Session } from "../moqt/types.ts";
import type { Dial } from "../net/transport.ts";
import type { Address } from "../net/webtransport.ts";
import { commandTrack, followRoom } from "./control-tracks.ts";
import { discover } from "./discovery.ts";
import { openLine, type OpenLine } from "./line.ts";
import type { Media, MediaMessage } from "./media.ts";
import type { FromEngine, Ticket, ToEngine } from "./messages.ts";
import { ownCatalog } from "./own-catalog.ts";

export interface Engine {
  take(message: ToEngine): void;
}

/** What an engine works with; `now` is Unix time in ms. */
export interface EngineParts {
  post(message: FromEngine): void;
  dial(address: Address): Promise<Dial>;
  readonly media: Media;
  now(): number;
}

export function createEngine({ post, dial, media, now }: EngineParts): Engine {
  const commands = commandTrack(() => post({ kind: "commandsReady" }), now);
  const catalog = ownCatalog(now);
  media.onOwnTracks(catalog.set);
  let line: OpenLine | undefined;

  const offer = (track: string) => {
    if (track === "catalog") return catalog.offer;
    if (track === "commands") return commands.offer;
    return media.offer(track);
  };
  const wire = (session: Session, ticket: Ticket, lose: (reason: string) => void): void => {
    const { room, participant } = ticket;
    // Before discovery, which brings the first catalogs.
    media.connect((from, track, priority, subscriber) =>
      session.subscribe([room, from], track, { priority }, subscriber),
    );
    session.closed.then(media.disconnect);
    session.announce([room, participant], offer).ended.then((end) => {
      if (end.kind !== "sessionClosed") lose(`our tracks: ${end.kind}`);
    });
    followRoom(session, ticket, post, lose);
    discover(session, ticket, media.setTracks, lose);
  };
  const open = (ticket: Ticket): void => {
    line?.close();
    const opened = openLine(ticket, dial, {
      report: (state) => post({ kind: "line", line: state }),
      onOpen: (session) => wire(session, ticket, opened.lose),
    });
    line = opened;
  };

  return {
    take(message) {
      switch (message.kind) {
        case "open":
          return open(message.ticket);
        case "command":
          return commands.write(message.text);
        case "close":
          // Only the line: the page may dial again, with everything still on.
          line?.close();
          line = undefined;
          return undefined;
        default:
          return media.take(message satisfies MediaMessage);
      }
    },
  };
}
