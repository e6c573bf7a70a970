/** Two ends of a transport in memory, for tests: streams, datagrams, resets and the end of the session. */

import { latch, type Latch } from "../net/deadline.ts";
import type { BidirectionalStream, Transport } from "../net/transport.ts";

interface End {
  readonly transport: Transport;
  readonly uni: ReadableStreamDefaultController<ReadableStream<Uint8Array>>;
  readonly bidi: ReadableStreamDefaultController<BidirectionalStream>;
  readonly datagrams: ReadableStreamDefaultController<Uint8Array>;
}

/** Everything of the session that breaks when it ends. */
interface Shared {
  readonly streams: Set<TransformStreamDefaultController<Uint8Array>>;
  readonly closed: Latch<{ closeCode: number; reason: string }>;
  readonly maxDatagramBytes: number;
}

/** `maxDatagramBytes`: of the largest datagram; 0 for a session that carries none. */
export function loopback(maxDatagramBytes = 1_200): readonly [Transport, Transport] {
  const shared: Shared = { streams: new Set(), closed: latch(), maxDatagramBytes };
  const first: End = end(shared, () => second);
  const second: End = end(shared, () => first);
  return [first.transport, second.transport];
}

function pipe(shared: Shared): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => void shared.streams.add(controller),
  });
}

function incoming<T>(): [ReadableStream<T>, ReadableStreamDefaultController<T>] {
  let taken: ReadableStreamDefaultController<T> | undefined;
  const stream = new ReadableStream<T>({
    start(controller) {
      taken = controller;
    },
  });
  if (taken === undefined) throw new Error("a stream has a controller from its start");
  return [stream, taken];
}

function end(shared: Shared, other: () => End): End {
  const [incomingUnidirectionalStreams, uni] = incoming<ReadableStream<Uint8Array>>();
  const [incomingBidirectionalStreams, bidi] = incoming<BidirectionalStream>();
  const [arriving, datagrams] = incoming<Uint8Array>();
  const transport: Transport = {
    datagrams: {
      maxBytes: shared.maxDatagramBytes,
      readable: arriving,
      send(datagram) {
        const fits = datagram.length <= shared.maxDatagramBytes;
        if (fits) other().datagrams.enqueue(datagram);
        return fits;
      },
    },
    isLossy: false,
    closed: shared.closed.promise,
    incomingUnidirectionalStreams,
    incomingBidirectionalStreams,
    async createUnidirectionalStream() {
      const { readable, writable } = pipe(shared);
      other().uni.enqueue(readable);
      return writable;
    },
    async createBidirectionalStream() {
      const [there, back] = [pipe(shared), pipe(shared)];
      other().bidi.enqueue({ readable: there.readable, writable: back.writable });
      return { readable: back.readable, writable: there.writable };
    },
    close({ closeCode = 0, reason = "" } = {}) {
      for (const stream of shared.streams) stream.error({ source: "session" });
      shared.closed.resolve({ closeCode, reason });
    },
  };
  return { transport, uni, bidi, datagrams };
}
