/** What the parts of a session share: the transport, its end, and how to end it. */

import { isSessionError, streamError, type Transport } from "../net/transport.ts";
import { joined } from "./bytes.ts";
import { decodeControl, frameAt, type ControlMessage } from "./control.ts";
import { ProtocolError } from "./codes.ts";
import type { SessionEnd } from "./types.ts";

/** Control streams go before all data; data is below (see `publication.ts`). */
export const CONTROL_SEND_ORDER = Number.MAX_SAFE_INTEGER;
/** A request's first message, a stream's header, and the answer to a request (docs/protocol.md). */
export const ANSWER_MS_MAX = 10_000;

export interface Peer {
  readonly transport: Transport;
  readonly closed: Promise<SessionEnd>;
  isClosed(): boolean;
  /** Ends the session: with the code of a `ProtocolError`, or for a fault of ours. */
  fail(error: unknown): void;
  nextRequestId(): number;
}

/** Bytes; or the FIN; or a reset of this stream; or the loss of the session. */
export type Chunk = Uint8Array | "end" | "reset" | "lost";

/** A stream's bytes. Never rejects. */
export interface ChunkReader {
  read(): Promise<Chunk>;
  /** Gives bytes back, to be read first. */
  unread(bytes: Uint8Array): void;
  /** Asks the peer to stop; a draft reset code. */
  stop(code: number): void;
}

export function chunkReader(stream: ReadableStream<Uint8Array>): ChunkReader {
  const reader = stream.getReader();
  let returned: Uint8Array | undefined;
  return {
    async read() {
      if (returned !== undefined) {
        const bytes = returned;
        returned = undefined;
        return bytes;
      }
      try {
        const { value } = await reader.read();
        return value ?? "end";
      } catch (error) {
        return isSessionError(error) ? "lost" : "reset";
      }
    },
    unread(bytes) {
      returned = bytes;
    },
    stop(code) {
      reader.cancel(streamError(code)).catch(() => undefined);
    },
  };
}

export type Incoming = ControlMessage | "end" | "reset" | "lost";

/** The control messages of a stream, one by one. Rejects with `ProtocolError` only. */
export function messageReader(chunks: ChunkReader): () => Promise<Incoming> {
  let rest: Uint8Array = new Uint8Array(0);
  return async () => {
    for (;;) {
      const frame = frameAt(rest);
      if (frame !== undefined && rest.length >= frame.end) {
        const message = decodeControl(rest.subarray(0, frame.end), frame.head);
        rest = rest.slice(frame.end);
        return message;
      }
      const chunk = await chunks.read();
      if (chunk === "end" && rest.length > 0) throw new ProtocolError("a stream ended within a message");
      if (typeof chunk === "string") return chunk;
      rest = joined(rest, chunk);
    }
  };
}
