/**
 * What waits to be sent, and which of it goes next: frames of the session first, then datagrams, then
 * the stream of the highest send order. Nothing is handed to the socket before it has room, so that what is
 * urgent overtakes what waits, and what is reset while it waits never leaves.
 */

import { latch, type Latch } from "../deadline.ts";
import { codeOf, DATAGRAMS_WAITING_MAX, streamError } from "../transport.ts";
import { resetFrame, streamFrame } from "./frames.ts";
import { RECORD_BYTES_DEFAULT } from "./parameters.ts";
import { written } from "./wire.ts";

/**
 * Data of one record: small enough that speech waits for at most one of them (65 ms at 500 kbit/s),
 * large enough that headers are 1 %. Every peer takes records four times as large.
 */
const RECORD_DATA_MAX = 4_096;
/** Session frames that may wait; a peer that makes us answer more does not read. */
const CONTROL_BYTES_MAX = 64 * 1024;

export interface Sending {
  /** A frame that goes before all data. */
  control(frame: Uint8Array): void;
  /** A DATAGRAM frame, which goes before all streams; of those that wait the oldest is dropped. */
  datagram(frame: Uint8Array<ArrayBuffer>): void;
  /** A stream on which at most `limit` bytes may be sent for now. */
  open(id: number, limit: number, sendOrder: number): WritableStream<Uint8Array>;
  /** Takes MAX_DATA and MAX_STREAM_DATA; limits never fall. */
  allow(limit: number): void;
  allowStream(id: number, limit: number): void;
  /** The peer asked us to stop a stream. */
  stop(id: number, code: number): void;
  has(id: number): boolean;
  /** The next record for the socket; undefined when nothing waits or nothing may be sent. */
  next(): Uint8Array<ArrayBuffer> | undefined;
  /** Breaks all streams; session frames still go. */
  fail(error: unknown): void;
}

interface Stream {
  readonly id: number;
  readonly sendOrder: number;
  limit: number;
  sent: number;
  /** One write, of which `from` on has not been taken yet. */
  write: { readonly bytes: Uint8Array; from: number; readonly taken: Latch<void> } | undefined;
  end: Latch<void> | undefined;
  /** When it was served last: streams of one order take turns. */
  turn: number;
  /** Breaks the writable. */
  break(error: unknown): void;
}

export interface SendingEvents {
  /** Something may have become ready for `next`. */
  onReady(): void;
  /** A stream was finished, reset or stopped. */
  onGone(id: number): void;
  /** The peer makes us answer and does not read the answers. */
  onFlood(): void;
}

export function sending({ onReady, onGone, onFlood }: SendingEvents): Sending {
  const streams = new Map<number, Stream>();
  const controls = controlQueue();
  const datagrams: Uint8Array<ArrayBuffer>[] = [];
  let [limit, sent, turn] = [0, 0, 0];

  const control = (frame: Uint8Array): void => {
    if (controls.put(frame)) onReady();
    else onFlood();
  };
  const remove = (stream: Stream): boolean => {
    if (!streams.delete(stream.id)) return false;
    stream.write?.taken.resolve();
    stream.end?.resolve();
    onGone(stream.id);
    return true;
  };
  const abort = (stream: Stream, code: number): void => {
    if (remove(stream)) control(resetFrame(stream.id, code, stream.sent));
  };
  return {
    control,
    datagram(frame) {
      datagrams.push(frame);
      if (datagrams.length > DATAGRAMS_WAITING_MAX) datagrams.shift();
      onReady();
    },
    open(id, streamLimit, sendOrder) {
      const opened = openStream({ id, sendOrder, limit: streamLimit }, onReady, abort);
      streams.set(id, opened.stream);
      return opened.writable;
    },
    allow(max) {
      limit = Math.max(limit, max);
      onReady();
    },
    allowStream(id, max) {
      const stream = streams.get(id);
      if (stream !== undefined) stream.limit = Math.max(stream.limit, max);
      onReady();
    },
    stop(id, code) {
      const stream = streams.get(id);
      if (stream === undefined) return;
      stream.break(streamError(code));
      abort(stream, code);
    },
    has: (id) => streams.has(id),
    next() {
      if (!controls.isEmpty()) return controls.take();
      const datagram = datagrams.shift();
      if (datagram !== undefined) return datagram;
      const stream = mostUrgent(streams.values(), limit > sent);
      if (stream === undefined) return undefined;
      turn += 1;
      stream.turn = turn;
      const { frame, size } = takeFrame(stream, limit - sent);
      sent += size;
      if (stream.end !== undefined) remove(stream);
      return frame;
    },
    fail(error) {
      datagrams.length = 0;
      for (const stream of streams.values()) {
        stream.break(error);
        remove(stream);
      }
    },
  };
}

interface ControlQueue {
  isEmpty(): boolean;
  /** False when too many wait already. */
  put(frame: Uint8Array): boolean;
  /** As many as one record should have. */
  take(): Uint8Array<ArrayBuffer>;
}

function controlQueue(): ControlQueue {
  const frames: Uint8Array[] = [];
  let bytes = 0;
  return {
    isEmpty: () => frames.length === 0,
    put(frame) {
      if (bytes + frame.length > CONTROL_BYTES_MAX) return false;
      bytes += frame.length;
      frames.push(frame);
      return true;
    },
    take() {
      let size = 0;
      const end = frames.findIndex((frame) => {
        size += frame.length;
        return size > RECORD_BYTES_DEFAULT;
      });
      const taken = frames.splice(0, end < 0 ? frames.length : end);
      const record = written(...taken);
      bytes -= record.length;
      return record;
    },
  };
}

/** The next frame of a stream that is ready, and how many bytes of data it has. */
function takeFrame(stream: Stream, credit: number): { readonly frame: Uint8Array<ArrayBuffer>; readonly size: number } {
  const { write } = stream;
  const at = stream.sent;
  if (write === undefined) return { frame: streamFrame(stream.id, at, new Uint8Array(0), true), size: 0 };
  const size = Math.min(write.bytes.length - write.from, RECORD_DATA_MAX, stream.limit - at, credit);
  const data = write.bytes.subarray(write.from, write.from + size);
  stream.sent += size;
  write.from += size;
  if (write.from === write.bytes.length) {
    stream.write = undefined;
    write.taken.resolve();
  }
  return { frame: streamFrame(stream.id, at, data, false), size };
}

/** The stream to serve next: without credit only an end can be sent. */
function mostUrgent(streams: Iterable<Stream>, hasCredit: boolean): Stream | undefined {
  let best: Stream | undefined;
  for (const stream of streams) {
    const isReady = stream.write === undefined ? stream.end !== undefined : hasCredit && stream.limit > stream.sent;
    if (!isReady) continue;
    const order = best === undefined ? 1 : stream.sendOrder - best.sendOrder;
    if (order > 0 || (order === 0 && best !== undefined && stream.turn < best.turn)) best = stream;
  }
  return best;
}

/** A stream and its writable: one write at a time, taken when the transport sends it. */
function openStream(
  first: Pick<Stream, "id" | "sendOrder" | "limit">,
  onReady: () => void,
  onAbort: (stream: Stream, code: number) => void,
): { readonly stream: Stream; readonly writable: WritableStream<Uint8Array> } {
  let breakOff: ((error: unknown) => void) | undefined;
  const stream: Stream = {
    ...first,
    sent: 0,
    turn: 0,
    write: undefined,
    end: undefined,
    break: (error) => breakOff?.(error),
  };
  const writable = new WritableStream<Uint8Array>({
    start(controller) {
      breakOff = (error) => controller.error(error);
      // At once, not after the write that is under way: that one is what the reset is for.
      controller.signal.addEventListener("abort", () => onAbort(stream, codeOf(controller.signal.reason)));
    },
    write(bytes) {
      if (bytes.length === 0) return undefined;
      const taken = latch<void>();
      stream.write = { bytes, from: 0, taken };
      onReady();
      return taken.promise;
    },
    close() {
      stream.end = latch();
      onReady();
      return stream.end.promise;
    },
  });
  return { stream, writable };
}
