/**
 * What arrives on streams, kept until it is read, and what the peer may send beyond it.
 *
 * The windows bound the memory: a peer's credit grows with what was read, never with what came.
 */

import { maxDataFrame, maxStreamDataFrame, stopFrame } from "./frames.ts";
import type { Frame } from "./frames.ts";
import { pullQueue, type PullQueue } from "./pull-queue.ts";
import { codeOf, streamError } from "../transport.ts";
import { QmuxCode, QmuxViolation } from "./wire.ts";

/** One second of 32 Mbit/s: no school line has more under way. */
export const SESSION_WINDOW = 4 * 1024 * 1024;
/** A key frame of a shared screen is a third of it. */
export const STREAM_WINDOW = 1024 * 1024;

export interface Receiving {
  /** A stream that is read from now on. */
  open(id: number): ReadableStream<Uint8Array>;
  stream(frame: Extract<Frame, { readonly kind: "stream" }>): void;
  reset(frame: Extract<Frame, { readonly kind: "reset" }>): void;
  has(id: number): boolean;
  /** Breaks all streams. */
  fail(error: unknown): void;
}

export interface ReceivingEvents {
  /** A frame for the peer. */
  send(frame: Uint8Array): void;
  /** The peer ended a stream. */
  onGone(id: number): void;
}

/** What one side may send the other: it is told of more when half of what it was told is used up. */
interface Window {
  received: number;
  consumed: number;
  limit: number;
  readonly size: number;
}

const windowOf = (size: number): Window => ({ received: 0, consumed: 0, limit: size, size });

function arrive(window: Window, bytes: number): void {
  window.received += bytes;
  if (window.received > window.limit) throw new QmuxViolation("more than the window", QmuxCode.flowControl);
}

/** The new limit when it is time to tell it. */
function consume(window: Window, bytes: number): number | undefined {
  window.consumed += bytes;
  if (window.limit - window.consumed > window.size / 2) return undefined;
  window.limit = window.consumed + window.size;
  return window.limit;
}

interface Stream {
  readonly window: Window;
  readonly chunks: PullQueue<Uint8Array>;
  /** The reader went away: what still comes is thrown away. */
  isUnwanted: boolean;
}

const total = (chunks: readonly Uint8Array[]): number => chunks.reduce((sum, { length }) => sum + length, 0);

export function receiving({ send, onGone }: ReceivingEvents): Receiving {
  const streams = new Map<number, Stream>();
  const session = windowOf(SESSION_WINDOW);

  const release = (bytes: number): void => {
    const limit = bytes === 0 ? undefined : consume(session, bytes);
    if (limit !== undefined) send(maxDataFrame(limit));
  };
  const open = (id: number): ReadableStream<Uint8Array> => {
    const window = windowOf(STREAM_WINDOW);
    const chunks = pullQueue<Uint8Array>({
      onTaken({ length }) {
        release(length);
        const limit = consume(window, length);
        if (limit !== undefined && streams.has(id)) send(maxStreamDataFrame(id, limit));
      },
      onCancel(reason, left) {
        release(total(left));
        stream.isUnwanted = true;
        if (streams.has(id)) send(stopFrame(id, codeOf(reason)));
      },
    });
    const stream: Stream = { window, chunks, isUnwanted: false };
    streams.set(id, stream);
    return chunks.readable;
  };
  const remove = (id: number): void => {
    if (streams.delete(id)) onGone(id);
  };
  return {
    open,
    stream({ id, offset, data, isFinal }) {
      const stream = streams.get(id);
      if (stream === undefined) return;
      if (offset !== undefined && offset !== stream.window.received) {
        throw new QmuxViolation("a stream's bytes are out of order");
      }
      arrive(session, data.length);
      arrive(stream.window, data.length);
      if (stream.isUnwanted) release(data.length);
      else if (data.length > 0) stream.chunks.push(data);
      if (!isFinal) return;
      stream.chunks.end();
      remove(id);
    },
    reset({ id, code, finalSize }) {
      const stream = streams.get(id);
      if (stream === undefined) return;
      // Implementations up to this draft wrote 0 here whatever they had sent.
      const missing = Math.max(finalSize - stream.window.received, 0);
      arrive(session, missing);
      arrive(stream.window, missing);
      release(missing + total(stream.chunks.waiting));
      stream.chunks.fail(streamError(code));
      remove(id);
    },
    has: (id) => streams.has(id),
    fail(error) {
      for (const { chunks } of streams.values()) chunks.fail(error);
      streams.clear();
    },
  };
}
