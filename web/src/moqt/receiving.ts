/**
 * Data streams and datagrams from the peer, brought to the subscribers of their tracks.
 *
 * Both may overtake the SUBSCRIBE_OK that names their track alias. A stream waits, unread beyond its
 * first chunk, so that flow control holds the rest back; of datagrams the last few are kept.
 */

import { latch, LATE, within } from "../net/deadline.ts";
import { ObjectStatus, ProtocolError, ResetCode, SessionCode } from "./codes.ts";
import { decodeDatagram } from "./datagram.ts";
import { ANSWER_MS_MAX, type ChunkReader } from "./peer.ts";
import { subgroupDecoder, type SubgroupDecoder } from "./subgroup.ts";
import type { ReceivedObject, Subscriber } from "./types.ts";

/** How long a stream waits for its alias, and PUBLISH_DONE for late streams: twice the delivery timeout. */
const LATE_MS_MAX = 2_000;
/** Streams that wait for an alias; more are asked to stop. Browsers allow the relay about 100 in all. */
const WAITING_MAX = 64;
/** Datagrams that wait for an alias: four voices for 160 ms, a round trip of a slow line. */
const EARLY_MAX = 32;
/** Aliases of cancelled subscriptions, remembered to stop their late streams at once. */
const RETIRED_MAX = 256;

/** One subscription's side of the alias table. */
export interface Inlet {
  /** Nothing is delivered any more, and open streams are asked to stop. */
  close(): void;
  /** Settles when `count` streams have ended, or late ones can no longer be expected. */
  drained(count: number): Promise<void>;
}

interface Route {
  readonly subscriber: Subscriber;
  readonly streams: Set<ChunkReader>;
  endedCount: number;
  onStreamEnd: () => void;
}

export interface Receiving {
  /** Binds an alias to a subscriber. Throws when it is taken. */
  open(alias: number, subscriber: Subscriber): Inlet;
  /** Reads a subgroup stream from its type on, to its end. Rejects with what must end the session. */
  receive(chunks: ChunkReader): Promise<void>;
  /** Takes a datagram. Throws what must end the session. */
  receiveDatagram(bytes: Uint8Array): void;
}

export function receiving(): Receiving {
  const routes = new Map<number, Route>();
  const retired = new Set<number>();
  const early = earlyObjects();
  const waiting = new Set<{ readonly alias: number; readonly arrive: (route: Route) => void }>();

  const open = (alias: number, subscriber: Subscriber): Inlet => {
    if (routes.has(alias)) {
      throw new ProtocolError(`track alias ${alias} is taken`, SessionCode.duplicateTrackAlias);
    }
    const route: Route = { subscriber, streams: new Set(), endedCount: 0, onStreamEnd: () => undefined };
    routes.set(alias, route);
    retired.delete(alias);
    for (const stream of waiting) if (stream.alias === alias) stream.arrive(route);
    // Not now: whoever subscribes has not yet got its subscription.
    queueMicrotask(() => {
      for (const object of early.take(alias)) if (routes.get(alias) === route) subscriber.onObject(object);
    });
    return {
      close() {
        if (routes.get(alias) !== route) return;
        routes.delete(alias);
        remember(retired, alias);
        for (const chunks of route.streams) chunks.stop(ResetCode.cancelled);
        route.streams.clear();
      },
      drained: (count) => drained(route, count),
    };
  };

  const routeOf = async (alias: number): Promise<Route | undefined> => {
    const known = routes.get(alias);
    if (known !== undefined || retired.has(alias) || waiting.size >= WAITING_MAX) return known;
    const arrival = latch<Route>();
    const stream = { alias, arrive: arrival.resolve };
    waiting.add(stream);
    const route = await within(LATE_MS_MAX, arrival.promise);
    waiting.delete(stream);
    return route === LATE ? undefined : route;
  };

  return {
    open,
    async receive(chunks) {
      const stream = await headed(chunks);
      const route = stream === undefined ? undefined : await routeOf(stream.alias);
      if (stream === undefined || route === undefined || routes.get(stream.alias) !== route) {
        chunks.stop(ResetCode.cancelled);
        return;
      }
      route.streams.add(chunks);
      await deliver(stream, route, chunks);
    },
    receiveDatagram(bytes) {
      const datagram = decodeDatagram(bytes);
      // An end says nothing that PUBLISH_DONE or the next group does not.
      if (datagram?.status !== ObjectStatus.normal) return;
      const { alias, group, object, properties, payload } = datagram;
      const received = { group, subgroup: undefined, object, properties, payload };
      const route = routes.get(alias);
      if (route !== undefined) route.subscriber.onObject(received);
      else if (!retired.has(alias)) early.keep(alias, received);
    },
  };
}

/** Objects in datagrams for aliases that are not known yet. */
function earlyObjects(): {
  keep(alias: number, object: ReceivedObject): void;
  /** Those of an alias that came lately, in the order of arrival. */
  take(alias: number): ReceivedObject[];
} {
  let kept: readonly { readonly alias: number; readonly object: ReceivedObject; readonly at: number }[] = [];
  return {
    keep(alias, object) {
      kept = [...kept.slice(1 - EARLY_MAX), { alias, object, at: Date.now() }];
    },
    take(alias) {
      const oldest = Date.now() - LATE_MS_MAX;
      const taken = kept.filter((each) => each.alias === alias && each.at >= oldest);
      kept = kept.filter((each) => each.alias !== alias);
      return taken.map(({ object }) => object);
    },
  };
}

/** A stream whose header is known, and the objects that came with it. */
interface Headed {
  readonly alias: number;
  readonly group: number;
  readonly subgroup: number | undefined;
  readonly decoder: SubgroupDecoder;
  readonly held: readonly ReceivedObject[];
  deliverTo(onObject: (object: ReceivedObject) => void): void;
  isEnded: boolean;
}

/** Reads until the header is there; undefined when the stream ends or stalls before. */
async function headed(chunks: ChunkReader): Promise<Headed | undefined> {
  const held: ReceivedObject[] = [];
  let onObject = (object: ReceivedObject): void => {
    held.push(object);
  };
  let header: { readonly alias: number; readonly group: number; readonly subgroup?: number } | undefined;
  const decoder = subgroupDecoder({
    onHeader(seen) {
      header = seen;
    },
    onObject: (object) => onObject(object),
  });
  const deadline = Date.now() + ANSWER_MS_MAX;
  for (;;) {
    const chunk = await within(Math.max(deadline - Date.now(), 0), chunks.read());
    if (chunk === "end") decoder.finish();
    if (chunk === LATE || typeof chunk === "string") return undefined;
    decoder.push(chunk);
    if (header !== undefined) break;
  }
  const deliverTo = (deliverObject: (object: ReceivedObject) => void): void => {
    onObject = deliverObject;
  };
  const { alias, group, subgroup } = header;
  return { alias, group, subgroup, decoder, held, deliverTo, isEnded: false };
}

async function deliver(stream: Headed, route: Route, chunks: ChunkReader): Promise<void> {
  let { subgroup } = stream;
  const isWanted = (): boolean => route.streams.has(chunks);
  const give = (object: ReceivedObject): void => {
    subgroup = object.subgroup;
    if (isWanted()) route.subscriber.onObject(object);
  };
  for (const object of stream.held) give(object);
  stream.deliverTo(give);
  for (;;) {
    const chunk = await chunks.read();
    if (!isWanted()) return;
    if (typeof chunk !== "string") {
      stream.decoder.push(chunk);
      continue;
    }
    if (chunk === "end") stream.decoder.finish();
    route.streams.delete(chunks);
    if (subgroup !== undefined) route.subscriber.onSubgroupEnd?.(stream.group, subgroup, chunk === "end");
    route.endedCount += 1;
    route.onStreamEnd();
    return;
  }
}

async function drained(route: Route, count: number): Promise<void> {
  const all = latch<void>();
  const check = (): void => {
    if (route.endedCount >= count) all.resolve();
  };
  route.onStreamEnd = check;
  check();
  await within(LATE_MS_MAX, all.promise);
}

function remember(retired: Set<number>, alias: number): void {
  retired.add(alias);
  for (const oldest of retired) {
    if (retired.size <= RETIRED_MAX) return;
    retired.delete(oldest);
  }
}
