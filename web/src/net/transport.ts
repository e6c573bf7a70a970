/**
 * The part of WebTransport that MoQT needs, so that another carrier can stand in its place.
 *
 * Streams follow the WebTransport rules: `abort` and `cancel` with a reason of `streamError` reset a
 * stream or ask the peer to stop, with that code.
 */

export interface BidirectionalStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

export interface StreamOptions {
  /** Higher is sent first. Not every browser heeds it. */
  readonly sendOrder?: number;
}

/** What travels alone: each datagram arrives whole or not at all, in any order, perhaps twice. */
export interface Datagrams {
  /** Bytes of the largest that can be sent now; 0: none can be. */
  readonly maxBytes: number;
  /** What has come and is not too old yet. */
  readonly readable: ReadableStream<Uint8Array>;
  /** Sends it when there is room, or never: of what waits the oldest is dropped. False: it is too large. */
  send(datagram: Uint8Array): boolean;
}

/** Datagrams that wait for room: 400 ms of speech, and nobody holds their sound back for longer than that. */
export const DATAGRAMS_WAITING_MAX = 20;
/** Datagrams that wait to be read: sixty voices while the reader is busy for 80 ms. */
export const DATAGRAMS_UNREAD_MAX = 256;
/** What has waited for longer than this is of no use to anyone, in ms. */
export const DATAGRAM_MS_MAX = 400;

/** Last words, with a code of the layer above. */
export interface Closing {
  readonly closeCode?: number;
  readonly reason?: string;
}

export interface Transport {
  /** Settles with the peer's words or ours; rejects when the connection broke. */
  readonly closed: Promise<Closing>;
  readonly incomingUnidirectionalStreams: ReadableStream<ReadableStream<Uint8Array>>;
  readonly incomingBidirectionalStreams: ReadableStream<BidirectionalStream>;
  readonly datagrams: Datagrams;
  /** Packets that we sent were lost lately. False too where nobody tells: browsers, and TCP, which repeats. */
  readonly isLossy: boolean;
  createUnidirectionalStream(options?: StreamOptions): Promise<WritableStream<Uint8Array>>;
  createBidirectionalStream(options?: StreamOptions): Promise<BidirectionalStream>;
  close(end?: Closing): void;
}

/** The ways a session can go. */
export type Carrier = "webTransport" | "webSocket";

/** Where a relay is, by all ways. */
export interface Address {
  /** Of WebTransport: https. */
  readonly url: string;
  /** Of the WebSocket: wss, or ws beside a page of http://localhost. */
  readonly socketUrl: string;
  /** Base64 SHA-256 of certificates to trust; empty where an authority signed. A WebSocket trusts what the page trusts. */
  readonly certificateHashes: readonly string[];
  /** Subprotocols, most wanted first. Firefox cannot send them with WebTransport. */
  readonly protocols: readonly string[];
}

/** Why no transport could be had. */
export type DialError =
  | { readonly kind: "unsupported" }
  | { readonly kind: "timedOut"; readonly afterMs: number }
  | { readonly kind: "failed"; readonly reason: string };

export type Dial =
  | { readonly kind: "connected"; readonly transport: Transport }
  | { readonly kind: "error"; readonly error: DialError };

/** The constructor as Chromium has it still, before the message became an argument of its own. */
type FormerError = new (init: { readonly streamErrorCode: number }) => Error;

/** The reason to give to `abort` or `cancel` of a stream so that the peer learns `code`. */
export function streamError(code: number): Error {
  if (typeof WebTransportError === "undefined") {
    return Object.assign(new Error(`stream ended with code ${code}`), { streamErrorCode: code });
  }
  try {
    return new WebTransportError("", { source: "stream", streamErrorCode: code });
  } catch {
    const Former = WebTransportError as unknown as FormerError;
    return new Former({ streamErrorCode: code });
  }
}

/** The code in a reason that `streamError` made; others have none, which is 0. */
export function codeOf(reason: unknown): number {
  const code = typeof reason === "object" && reason !== null && "streamErrorCode" in reason ? reason.streamErrorCode : 0;
  return typeof code === "number" && code >= 0 ? code : 0;
}

/** The reason with which streams break because their session did, as WebTransport gives it. */
export const sessionError = (reason: string): Error => Object.assign(new Error(reason), { source: "session" });

/** Whether a stream broke only because its whole session did. */
export const isSessionError = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "source" in error && error.source === "session";
