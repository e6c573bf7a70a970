/**
 * What the page and the engine worker say to each other.
 *
 * The worker owns the session, the codecs and the tiles' canvases; the page owns the room's state
 * and everything a person touches.
 */

import type { Carrier } from "../net/transport.ts";

export type { Carrier };

/** What `POST /api/join` gave us, and where it was asked. */
export interface Ticket {
  /** For WebTransport. */
  readonly url: string;
  /** For a WebSocket. */
  readonly socketUrl: string;
  /** The way that was good here last time. */
  readonly likely: Carrier | undefined;
  /** SHA-256 of the development certificate, base64; empty for certificates of an authority. */
  readonly certificateHashes: readonly string[];
  readonly token: string;
  readonly room: string;
  readonly participant: string;
}

/** Whose voices are played: everyone listed, nobody else. */
export interface Listening {
  readonly participants: readonly string[];
  /** Those of them who are heard however many others speak: of the others the relay sends three at a time. */
  readonly pinned: ReadonlySet<string>;
}

/** The object that the room wants next of an upload. */
export interface Place {
  readonly group: number;
  readonly object: number;
}

/** A piece of an upload: JSON that says what it is, and its bytes. */
export interface Piece {
  readonly head: string;
  readonly body: Blob;
}

export type ToContent =
  /** More pieces of an upload of ours, before or while the room asks for them. */
  | { readonly kind: "upload"; readonly key: number; readonly pieces: readonly Piece[] }
  /** The room has everything before this place. */
  | { readonly kind: "uploaded"; readonly key: number; readonly place: Place }
  | { readonly kind: "uploadOver"; readonly key: number }
  /** Fetch one of the room's tracks of content; lower priorities first, as the draft has them. */
  | { readonly kind: "fetch"; readonly track: string; readonly priority: number }
  | { readonly kind: "fetchNoMore"; readonly track: string };

export type ToEngine =
  | ToContent
  | { readonly kind: "open"; readonly ticket: Ticket }
  /** Answers `ticketWanted`; undefined when there is none to be had. */
  | { readonly kind: "ticket"; readonly ticket: Ticket | undefined }
  /** The network changed: what did not work before may work now. */
  | { readonly kind: "networkChanged" }
  /** The JSON text of one command object; the worker writes it on the `commands` track in order. */
  | { readonly kind: "command"; readonly text: string }
  /** Whether the page wants what is on the `notes` track. */
  | { readonly kind: "followNotes"; readonly isWanted: boolean }
  /** Show a picture (`picture-name.ts`) on this canvas. */
  | { readonly kind: "attach"; readonly picture: string; readonly canvas: OffscreenCanvas }
  | { readonly kind: "detach"; readonly picture: string }
  /** How tall the picture is shown, in pixels of the device; 0 while nobody can see it. */
  | { readonly kind: "shown"; readonly picture: string; readonly height: number }
  /** Whom the room lets us see and hear; undefined: everyone. */
  | { readonly kind: "company"; readonly participants: readonly string[] | undefined }
  | ({ readonly kind: "listen" } & Listening)
  | ({ readonly kind: "camera" } & CameraFrames)
  | { readonly kind: "cameraOff" }
  | ({ readonly kind: "screen" } & PictureFrames)
  | { readonly kind: "screenOff" }
  /** Port of the capture worklet: Float32 mono 48 kHz blocks with their capture time. */
  | { readonly kind: "microphone"; readonly port: MessagePort }
  | { readonly kind: "microphoneOff" }
  /** Port of the playout worklet. */
  | { readonly kind: "playout"; readonly port: MessagePort }
  /** The whiteboards that the page reads: `page/1` say. */
  | { readonly kind: "boards"; readonly boards: readonly string[] }
  | { readonly kind: "close" };

export interface PictureFrames {
  /** A stream of VideoFrame (Chromium) or a port that carries them (Firefox). */
  readonly frames: ReadableStream<VideoFrame> | MessagePort;
  /** What the camera or screen says of its pictures. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
}

export interface CameraFrames extends PictureFrames {
  /** It shows paper: large and sharp, few pictures a second. */
  readonly isDetailed: boolean;
}

/** Where the line to the room stands. */
export type Line =
  | { readonly state: "connecting" }
  | { readonly state: "open"; readonly carrier: Carrier }
  | { readonly state: "lost"; readonly reason: string }
  /** Over for good: no use to try again with this ticket. */
  | { readonly state: "refused"; readonly code: number; readonly reason: string };

export interface PictureReport {
  readonly framesDecoded: number;
  readonly framesDropped: number;
  readonly width: number;
  readonly height: number;
  /** ms since the newest frame was drawn. */
  readonly ageMs: number;
  /** The rendition of the newest frame, such as `mid`. */
  readonly rendition: string | undefined;
  /** Frames drawn in the last second. */
  readonly framesPerSecond: number;
}

export interface SentReport {
  readonly framesEncoded: number;
  readonly framesSkipped: number;
  /** Temporal layers that our line has room for, of each rendition of our camera and screen; 0: it is given up. */
  readonly layers: Readonly<Record<string, number>>;
}

export interface VoiceReport {
  /** Longest silence in ms that was not sent as such, since the last report. */
  readonly gapMaxMs: number;
  readonly bufferMs: number;
}

export type FromEngine =
  | { readonly kind: "line"; readonly line: Line }
  /** A second session of this participant needs a ticket of its own. */
  | { readonly kind: "ticketWanted" }
  /** One object of the `state` track, in order; `first` starts a group (a snapshot). */
  | { readonly kind: "state"; readonly text: string; readonly first: boolean }
  | { readonly kind: "inbox"; readonly text: string; readonly first: boolean }
  /** One object of a whiteboard's track, in order. */
  | { readonly kind: "board"; readonly board: string; readonly text: string }
  /** One object of the `notes` track; around a change of sessions some come twice. */
  | { readonly kind: "notes"; readonly text: string }
  /** The `commands` track (re)started: everything unacknowledged must be sent again. */
  | { readonly kind: "commandsReady" }
  /** Answers `fetch`; null when the room has not got it. `type` is what the room found it to be. */
  | {
      readonly kind: "fetched";
      readonly track: string;
      readonly content: { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string } | null;
    }
  | { readonly kind: "picture"; readonly picture: string; readonly width: number; readonly height: number }
  /** A picture stands still since that time (Unix ms); undefined when it moves again. */
  | { readonly kind: "still"; readonly picture: string; readonly since: number | undefined }
  /** Audio levels 0 (silent) to 1 of those heard and of our own microphone. */
  | { readonly kind: "levels"; readonly levels: Readonly<Record<string, number>> }
  | {
      readonly kind: "report";
      readonly pictures: Readonly<Record<string, PictureReport>>;
      readonly voices: Readonly<Record<string, VoiceReport>>;
      /** Those whose picture stays as it is, since this device cannot decode all that are seen. */
      readonly resting: readonly string[];
      readonly sent: SentReport;
    };
