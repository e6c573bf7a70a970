/** The engine: the line to the room, the room's tracks, and the media that go with it. */

import type { Publisher, OnPicture, Receiver } from "../media/types.ts";
import type { Race, Wishes } from "../net/race.ts";
import type { Address, Dial } from "../net/transport.ts";
import { attach } from "./attached.ts";
import { boardTracks } from "./board-tracks.ts";
import type { CatalogTrack } from "./catalog.ts";
import { createCompany } from "./company.ts";
import { createContents, type Contents } from "./contents.ts";
import { commandTrack } from "./control-tracks.ts";
import { openLines, type Lines } from "./lines.ts";
import type { FromEngine, ToContent, ToEngine } from "./messages.ts";
import { notesTracks } from "./notes-track.ts";
import { ownCatalog } from "./own-catalog.ts";
import { createUploads, type Uploads } from "./uploads.ts";

/** Meters of voices move; ten times a second looks smooth and costs nothing. */
const LEVELS_EVERY_MS = 100;
const REPORT_EVERY_MS = 1_000;

export interface Engine {
  take(message: ToEngine): void;
}

/** What an engine works with. */
export interface EngineParts {
  post(message: FromEngine): void;
  /** Dials by all ways. */
  dial(address: Address, wishes: Wishes): Promise<Race>;
  /** Dials WebTransport alone; undefined where a WebSocket is better. */
  readonly dialBetter: ((address: Address) => Promise<Dial>) | undefined;
  createPublisher(onTracks: (tracks: readonly CatalogTrack[]) => void): Publisher;
  createReceiver(onPicture: OnPicture): Receiver;
  /** Unix time in ms. */
  now(): number;
  /** ms of a clock that never goes back. */
  elapsed(): number;
  /** Calls `tick` again and again for as long as the engine lives. */
  every(ms: number, tick: () => void): void;
}

export function createEngine(parts: EngineParts): Engine {
  const { post, now } = parts;
  const commands = commandTrack(() => post({ kind: "commandsReady" }), now);
  const catalog = ownCatalog(now);
  const company = createCompany();
  const boards = boardTracks((board, text) => post({ kind: "board", board, text }));
  const publisher = parts.createPublisher(catalog.set);
  const receiver = parts.createReceiver({
    size: (picture, width, height) => post({ kind: "picture", picture, width, height }),
    still: (picture, since) => post({ kind: "still", picture, since }),
  });
  const uploads = createUploads();
  const contents = createContents(post);
  const offer = (track: string) => {
    if (track === "catalog") return catalog.offer;
    if (track === "commands") return commands.offer;
    return uploads.offer(track) ?? publisher.offer(track);
  };
  const notes = notesTracks((text) => post({ kind: "notes", text }));
  let me: string | undefined;
  const lines = openLines({
    post,
    dial: parts.dial,
    dialBetter: parts.dialBetter,
    attach: (session, ticket, events) => {
      notes.attach(session, ticket.room);
      contents.connect(session, ticket.room);
      return attach(session, { ...events, ticket, receiver, offer, company, boards, now: parts.elapsed });
    },
    now: parts.elapsed,
  });
  parts.every(LEVELS_EVERY_MS, levelling(post, publisher, receiver, () => me));
  parts.every(REPORT_EVERY_MS, () => {
    post({ kind: "report", ...receiver.report(), sent: publisher.sent() });
    lines.tick();
  });
  return {
    take(message) {
      if (message.kind === "open") me = message.ticket.participant;
      if (message.kind === "command") commands.write(message.text);
      else if (message.kind === "company") company.set(message.participants);
      else if (message.kind === "boards") boards.want(message.boards);
      else if (message.kind === "followNotes") notes.want(message.isWanted);
      else if (isForLines(message)) takeLine(message, lines);
      else if (isContent(message)) takeContent(message, uploads, contents);
      else takeMedia(message, publisher, receiver);
    },
  };
}

type LineMessage = Extract<ToEngine, { readonly kind: "open" | "ticket" | "networkChanged" | "close" }>;

const isForLines = (message: ToEngine): message is LineMessage =>
  ["open", "ticket", "networkChanged", "close"].includes(message.kind);

function takeLine(message: LineMessage, lines: Lines): void {
  switch (message.kind) {
    case "open":
      return lines.open(message.ticket);
    case "ticket":
      return lines.takeTicket(message.ticket);
    case "networkChanged":
      return lines.networkChanged();
    case "close":
      // Only the line: the page may dial again, with everything still on.
      return lines.close();
  }
}

const isContent = (message: ToEngine): message is ToContent =>
  ["upload", "uploaded", "uploadOver", "fetch", "fetchNoMore"].includes(message.kind);

function takeContent(message: ToContent, uploads: Uploads, contents: Contents): void {
  switch (message.kind) {
    case "upload":
      return uploads.add(message.key, message.pieces);
    case "uploaded":
      return uploads.has(message.key, message.place);
    case "uploadOver":
      return uploads.end(message.key);
    case "fetch":
      return contents.fetch(message.track, message.priority);
    case "fetchNoMore":
      return contents.drop(message.track);
  }
}

type MediaMessage = Exclude<ToEngine, LineMessage | ToContent | { readonly kind: "command" | "company" | "boards" | "followNotes" }>;

function takeMedia(message: MediaMessage, publisher: Publisher, receiver: Receiver): void {
  switch (message.kind) {
    case "attach":
      return receiver.setCanvas(message.picture, message.canvas);
    case "detach":
      return receiver.setCanvas(message.picture, undefined);
    case "shown":
      return receiver.setHeight(message.picture, message.height);
    case "listen":
      return receiver.setListening(message);
    case "playout":
      return receiver.setPlayout(message.port);
    case "camera":
      return publisher.setCamera(message);
    case "cameraOff":
      return publisher.setCamera(undefined);
    case "screen":
      return publisher.setScreen(message);
    case "screenOff":
      return publisher.setScreen(undefined);
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
