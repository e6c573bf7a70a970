/**
 * Which streams there are: ours as far as the peer lets us open them, and the peer's in the order
 * in which they are heard of. What is on them is in `sending.ts` and `receiving.ts`.
 */

import { latch, type Latch } from "../deadline.ts";
import type { BidirectionalStream, StreamOptions } from "../transport.ts";
import { maxStreamsFrame } from "./frames.ts";
import type { Parameters } from "./parameters.ts";
import { pullQueue } from "./pull-queue.ts";
import type { Receiving } from "./receiving.ts";
import type { Sending } from "./sending.ts";
import { QmuxCode, QmuxViolation } from "./wire.ts";

/** Streams that the peer may have open: two groups of picture and sound of sixty people. */
export const UNI_STREAMS_MAX = 256;
/** Requests of the peer that are under way: one for each track of ours, and a few more. */
export const BIDI_STREAMS_MAX = 64;
/** The peer's requests are answered before any data. */
const ANSWER_SEND_ORDER = Number.MAX_SAFE_INTEGER;

/** Bit 0 of an ID is who opened the stream (0: the client), bit 1 its direction (1: one way). */
const isOurs = (id: number): boolean => id % 2 === 0;
const isOneWay = (id: number): boolean => id % 4 >= 2;
const indexOf = (id: number): number => Math.floor(id / 4);
const idOf = (index: number, isUni: boolean): number => index * 4 + (isUni ? 2 : 0);

/** Both halves of all streams. */
export interface Halves {
  readonly out: Sending;
  readonly incoming: Receiving;
}

export interface OwnStreams {
  createUnidirectionalStream(options?: StreamOptions): Promise<WritableStream<Uint8Array>>;
  createBidirectionalStream(options?: StreamOptions): Promise<BidirectionalStream>;
  /** Takes the peer's parameters, which open the first streams. */
  begin(parameters: Parameters): void;
  /** Takes MAX_STREAMS; limits never fall. */
  allow(isUni: boolean, limit: number): void;
  /** Throws for a stream of ours that was never opened. */
  check(id: number): void;
  fail(error: unknown): void;
}

/** Opens streams as soon as the peer has room for them; whoever asked first is first. */
export function ownStreams({ out, incoming }: Halves): OwnStreams {
  const uni = { limit: 0, opened: 0, dataLimit: 0, waiting: new Set<Latch<void>>() };
  const bidi = { limit: 0, opened: 0, dataLimit: 0, waiting: new Set<Latch<void>>() };
  let failure: { readonly error: unknown } | undefined;

  const wake = (kind: typeof uni): void => {
    for (const waiter of kind.waiting) waiter.resolve();
    kind.waiting.clear();
  };
  const nextId = async (kind: typeof uni): Promise<number> => {
    for (;;) {
      if (failure !== undefined) throw failure.error;
      if (kind.opened < kind.limit) break;
      const room = latch<void>();
      kind.waiting.add(room);
      await room.promise;
    }
    kind.opened += 1;
    return idOf(kind.opened - 1, kind === uni);
  };
  return {
    async createUnidirectionalStream({ sendOrder = 0 } = {}) {
      const id = await nextId(uni);
      return out.open(id, uni.dataLimit, sendOrder);
    },
    async createBidirectionalStream({ sendOrder = 0 } = {}) {
      const id = await nextId(bidi);
      return { readable: incoming.open(id), writable: out.open(id, bidi.dataLimit, sendOrder) };
    },
    begin(parameters) {
      uni.dataLimit = parameters.maxStreamDataUni;
      bidi.dataLimit = parameters.maxStreamDataBidiRemote;
      uni.limit = parameters.maxStreamsUni;
      bidi.limit = parameters.maxStreamsBidi;
      wake(uni);
      wake(bidi);
    },
    allow(isUni, limit) {
      const kind = isUni ? uni : bidi;
      kind.limit = Math.max(kind.limit, limit);
      wake(kind);
    },
    check(id) {
      const { opened } = isOneWay(id) ? uni : bidi;
      if (isOurs(id) && indexOf(id) >= opened) {
        throw new QmuxViolation("a stream of ours that is not open", QmuxCode.streamState);
      }
    },
    fail(error) {
      failure = { error };
      wake(uni);
      wake(bidi);
    },
  };
}

export interface PeerStreams {
  readonly unidirectional: ReadableStream<ReadableStream<Uint8Array>>;
  readonly bidirectional: ReadableStream<BidirectionalStream>;
  /** The peer sends on this stream, which may be its first word of it. Throws where it may not. */
  meet(id: number, dataLimit: number): void;
  /** One half of a stream is over. */
  settle(id: number): void;
  fail(error: unknown): void;
}

export function peerStreams({ out, incoming }: Halves): PeerStreams {
  const counts = { uni: arrivals(false, UNI_STREAMS_MAX), bidi: arrivals(true, BIDI_STREAMS_MAX) };
  const nothing = { onTaken: () => undefined, onCancel: () => undefined };
  const uni = pullQueue<ReadableStream<Uint8Array>>(nothing);
  const bidi = pullQueue<BidirectionalStream>(nothing);
  return {
    unidirectional: uni.readable,
    bidirectional: bidi.readable,
    meet(id, dataLimit) {
      if (isOurs(id)) {
        if (isOneWay(id)) throw new QmuxViolation("data against a stream's direction", QmuxCode.streamState);
        return;
      }
      if (!(isOneWay(id) ? counts.uni : counts.bidi).isNew(indexOf(id))) return;
      const readable = incoming.open(id);
      if (isOneWay(id)) uni.push(readable);
      else bidi.push({ readable, writable: out.open(id, dataLimit, ANSWER_SEND_ORDER) });
    },
    settle(id) {
      if (isOurs(id) || incoming.has(id) || out.has(id)) return;
      const frame = (isOneWay(id) ? counts.uni : counts.bidi).release();
      if (frame !== undefined) out.control(frame);
    },
    fail(error) {
      uni.fail(error);
      bidi.fail(error);
    },
  };
}

interface Arrivals {
  /** Whether the stream of this index was not heard of before. Throws when it is one too many. */
  isNew(index: number): boolean;
  /** A stream is over; answers with what the peer is to be told. */
  release(): Uint8Array | undefined;
}

/** Opening a stream opens all below it, which may be heard of later: those are remembered. */
function arrivals(isBidirectional: boolean, atOnce: number): Arrivals {
  const skipped = new Set<number>();
  let next = 0;
  let limit = atOnce;
  let releasedCount = 0;
  return {
    isNew(index) {
      if (index < next) return skipped.delete(index);
      if (index >= limit) throw new QmuxViolation("too many streams", QmuxCode.streamLimit);
      for (let below = next; below < index; below += 1) skipped.add(below);
      next = index + 1;
      return true;
    },
    release() {
      releasedCount += 1;
      if (limit - releasedCount > atOnce / 2) return undefined;
      limit = releasedCount + atOnce;
      return maxStreamsFrame(isBidirectional, limit);
    },
  };
}
