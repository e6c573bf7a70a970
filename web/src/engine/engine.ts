/** The engine: one line at a time, the room's tracks, and the media that go with it. */

import type { Publisher, OnPicture, Receiver } from "../media/types.ts";
import type { Session } from "../moqt/types.ts";
import type { Race } from "../net/race.ts";
import type { Address, Carrier } from "../net/transport.ts";
import type { CatalogTrack } from "./catalog.ts";
import { commandTrack, followRoom } from "./control-tracks.ts";
import { discover } from "./discovery.ts";
import { openLine, type OpenLine } from "./line.ts";
import type { FromEngine, Ticket, ToEngine } from "./messages.ts";
import { ownCatalog } from "./own-catalog.ts";

/** Meters of voices move; ten times a second looks smooth and costs nothing. */
const LEVELS_EVERY_MS = 100;
const REPORT_EVERY_MS = 1_000;

export interface Engine {
  take(message: ToEngine): void;
}

/** What an engine works with. */
export interface EngineParts {
  post(message: FromEngine): void;
  /** Dials by all ways; `likely` is the one that was good last time. */
  dial(address: Address, likely: Carrier | undefined): Promise<Race>;
  createPublisher(onTracks: (tracks: readonly CatalogTrack[]) => void): Publisher;
  createReceiver(onPicture: OnPicture): Receiver;
  /** Unix time in ms. */
  now(): number;
  /** Calls `tick` again and again for as long as the engine lives. */
  every(ms: number, tick: () => void): void;
}

export function createEngine(parts: EngineParts): Engine {
  const { post, dial, now } = parts;
  const commands = commandTrack(() => post({ kind: "commandsReady" }), now);
  const catalog = ownCatalog(now);
  const publisher = parts.createPublisher(catalog.set);
  const receiver = parts.createReceiver((participant, width, height) =>
    post({ kind: "picture", participant, width, height }),
  );
  let line: OpenLine | undefined;
  let me: string | undefined;
  parts.every(LEVELS_EVERY_MS, levelling(post, publisher, receiver, () => me));
  parts.every(REPORT_EVERY_MS, () => {
    post({ kind: "report", ...receiver.report(), sent: publisher.sent() });
  });

  const offer = (track: string) => {
    if (track === "catalog") return catalog.offer;
    if (track === "commands") return commands.offer;
    return publisher.offer(track);
  };
  const wire = (session: Session, ticket: Ticket, lose: (reason: string) => void): void => {
    const { room, participant } = ticket;
    // Before discovery, which brings the first catalogs.
    receiver.connect((from, track, priority, subscriber) =>
      session.subscribe([room, from], track, { priority }, subscriber),
    );
    session.closed.then(receiver.disconnect);
    session.announce([room, participant], offer).ended.then((end) => {
      if (end.kind !== "sessionClosed") lose(`our tracks: ${end.kind}`);
    });
    followRoom(session, ticket, post, lose);
    discover(session, ticket, receiver.setTracks, lose);
  };
  const open = (ticket: Ticket): void => {
    line?.close();
    me = ticket.participant;
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
          return line?.close();
        default:
          return takeMedia(message, publisher, receiver);
      }
    },
  };
}

type MediaMessage = Exclude<ToEngine, { readonly kind: "open" | "command" | "close" }>;

function takeMedia(message: MediaMessage, publisher: Publisher, receiver: Receiver): void {
  switch (message.kind) {
    case "attach":
      return receiver.setCanvas(message.participant, message.canvas);
    case "detach":
      return receiver.setCanvas(message.participant, undefined);
    case "listen":
      return receiver.setListening(message.participants);
    case "playout":
      return receiver.setPlayout(message.port);
    case "camera":
      return publisher.setCamera(message.frames);
    case "cameraOff":
      return publisher.setCamera(undefined);
    case "microphone":
      return publisher.setMicrophone(message.port);
    case "microphoneOff":
      return publisher.setMicrophone(undefined);
  }
}

/** Posts how loud everyone is; silence of all is told once. */
function levelling(
  post: EngineParts["post"],
  publisher: Publisher,
  receiver: Receiver,
  me: () => string | undefined,
): () => void {
  let wasSilent = true;
  return () => {
    const own = publisher.level();
    const self = me();
    const heard = receiver.levels();
    const levels = own === undefined || self === undefined ? heard : { ...heard, [self]: own };
    const isSilent = Object.values(levels).every((level) => level === 0);
    if (!isSilent || !wasSilent) post({ kind: "levels", levels });
    wasSilent = isSilent;
  };
}
