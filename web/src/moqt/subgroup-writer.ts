/** One outgoing subgroup stream and the bytes that wait for it. */

import { latch } from "../net/deadline.ts";
import { streamError, type Transport } from "../net/transport.ts";
import { ResetCode } from "./codes.ts";
import { NO_PROPERTIES } from "./properties.ts";
import { encodeObject, encodeSubgroupHeader, type SubgroupHeader } from "./subgroup.ts";
import type { SubgroupWriter } from "./types.ts";

/**
 * Bytes that may wait on one stream. The publisher of media abandons a stream long before; whoever
 * goes on writing loses the stream, not the tab's memory.
 */
const QUEUED_BYTES_MAX = 8 * 1024 * 1024;

export interface OutgoingSubgroup extends SubgroupWriter {
  /** Settles when the transport has taken everything, or the stream is lost. */
  readonly ended: Promise<void>;
}

/** A writer of a publication that is over. */
export const CLOSED_SUBGROUP: SubgroupWriter = {
  queuedBytes: 0,
  isOpen: false,
  isDrained: true,
  write: () => undefined,
  finish: () => undefined,
  reset: () => undefined,
};

/** Opens a stream for a subgroup; `onWrite` learns the ID of each object it takes. */
export function outgoingSubgroup(
  transport: Transport,
  header: SubgroupHeader,
  sendOrder: number,
  onWrite: (object: number) => void,
): OutgoingSubgroup {
  const queue = byteQueue(transport.createUnidirectionalStream({ sendOrder }));
  let next = 0;
  queue.put(encodeSubgroupHeader(header));
  return {
    ended: queue.ended,
    get queuedBytes() {
      return queue.bytes();
    },
    get isOpen() {
      return queue.state() === "open";
    },
    get isDrained() {
      return queue.state() === "over" || (queue.state() === "open" && queue.bytes() === 0);
    },
    write(payload, properties = NO_PROPERTIES, object = next) {
      if (queue.state() !== "open") return;
      const bytes = encodeObject(payload, properties, object - next);
      if (queue.bytes() > 0 && queue.bytes() + bytes.length > QUEUED_BYTES_MAX) {
        queue.reset(ResetCode.tooFarBehind);
        return;
      }
      queue.put(bytes);
      onWrite(object);
      next = object + 1;
    },
    finish: queue.finish,
    reset: queue.reset,
  };
}

interface ByteQueue {
  readonly ended: Promise<void>;
  state(): "open" | "finishing" | "over";
  /** What the transport has not taken. */
  bytes(): number;
  put(bytes: Uint8Array): void;
  finish(): void;
  reset(code: number): void;
}

/** Bytes for a stream that is being opened; they wait with it, in order. */
function byteQueue(opening: Promise<WritableStream<Uint8Array>>): ByteQueue {
  const ended = latch<void>();
  let state: "open" | "finishing" | "over" = "open";
  let queued = 0;
  let waiting: Uint8Array[] = [];
  let writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  let resetCode = 0;

  const over = (): void => {
    state = "over";
    queued = 0;
    waiting = [];
    ended.resolve();
  };
  const send = (bytes: Uint8Array, to: WritableStreamDefaultWriter<Uint8Array>): void => {
    to.write(bytes).then(() => {
      queued = Math.max(queued - bytes.length, 0);
    }, over);
  };
  opening.then((stream) => {
    const to = stream.getWriter();
    to.closed.then(over, over);
    if (state === "over") {
      to.abort(streamError(resetCode)).catch(() => undefined);
      return;
    }
    writer = to;
    for (const bytes of waiting) send(bytes, to);
    waiting = [];
    if (state === "finishing") to.close().catch(() => undefined);
  }, over);
  return {
    ended: ended.promise,
    state: () => state,
    bytes: () => queued,
    put(bytes) {
      queued += bytes.length;
      if (writer === undefined) waiting.push(bytes);
      else send(bytes, writer);
    },
    finish() {
      if (state !== "open") return;
      state = "finishing";
      writer?.close().catch(() => undefined);
    },
    reset(code) {
      if (state === "over") return;
      resetCode = code;
      writer?.abort(streamError(code)).catch(() => undefined);
      over();
    },
  };
}
