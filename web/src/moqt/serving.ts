/** Requests of the peer: who asks for a track of ours, and what becomes of it. */

import { LATE, within } from "../net/deadline.ts";
import { streamError, type BidirectionalStream } from "../net/transport.ts";
import { ProtocolError, RequestCode, ResetCode, SessionCode } from "./codes.ts";
import { encodeControl, type ControlMessage } from "./control.ts";
import { ParameterType, type Location, type Parameters } from "./parameters.ts";
import { ANSWER_MS_MAX, chunkReader, messageReader, type Peer } from "./peer.ts";
import { servePublication } from "./publication.ts";
import type { Namespace, Offering, TrackOffer, TrackRefusal } from "./types.ts";

export interface Serving {
  /** Adds an announced namespace; the answer takes it back. */
  announce(namespace: Namespace, offer: Offering): () => void;
  /** Serves one request of the peer to its end. Rejects with what must end the session. */
  serve(stream: BidirectionalStream): Promise<void>;
}

/** An absolute range ends by itself: what is live here cannot promise its end group. */
const ABSOLUTE_RANGE = 0x4;
const FILTERS_KNOWN = 0x4;

export function serving(peer: Peer): Serving {
  const announced = new Set<{ readonly namespace: string; readonly offer: Offering }>();
  const active = new Set<string>();
  const largest = new Map<string, { location: Location | undefined }>();
  const requestIds = new Set<number>();
  let nextAlias = 0;

  const admit = (requestId: number): void => {
    if (requestId % 2 === 0 || requestIds.has(requestId)) {
      throw new ProtocolError(`request ID ${requestId} is not the peer's`, SessionCode.invalidRequestId);
    }
    requestIds.add(requestId);
  };

  const offerOf = (namespace: Namespace, track: string): TrackOffer | TrackRefusal | undefined => {
    const name = JSON.stringify(namespace);
    for (const announcement of announced) {
      const offer = announcement.namespace === name ? announcement.offer(track) : undefined;
      if (offer !== undefined) return offer;
    }
    return undefined;
  };

  const publish = async (stream: BidirectionalStream, incoming: Asked): Promise<void> => {
    const { message } = incoming;
    const name = JSON.stringify([message.namespace, message.track]);
    const offer = offerOf(message.namespace, message.track);
    const code = refusalOf(offer, active.has(name), message.parameters);
    const refusal = code === undefined ? uncarried(offer, peer) : { code, ...waitOf(offer) };
    if (offer === undefined || "retryAfterMs" in offer || refusal !== undefined) {
      await refuse(stream, refusal ?? { code: RequestCode.doesNotExist });
      return;
    }
    const known = largest.get(name) ?? { location: undefined };
    largest.set(name, known);
    active.add(name);
    const alias = nextAlias;
    nextAlias += 1;
    const { track, parameters } = message;
    try {
      await servePublication(peer, { track, alias, offer, largest: known, parameters }, stream, incoming);
    } finally {
      active.delete(name);
    }
  };

  return {
    announce(namespace, offer) {
      const announcement = { namespace: JSON.stringify(namespace), offer };
      announced.add(announcement);
      return () => announced.delete(announcement);
    },
    async serve(stream) {
      const chunks = chunkReader(stream.readable);
      const next = messageReader(chunks);
      const message = await within(ANSWER_MS_MAX, next());
      if (message === LATE || typeof message === "string") {
        chunks.stop(ResetCode.cancelled);
        await stream.writable.abort(streamError(ResetCode.cancelled)).catch(() => undefined);
        return;
      }
      if (!("requestId" in message)) throw new ProtocolError(`${message.kind} is no request`);
      admit(message.requestId);
      try {
        if (message.kind === "subscribe") await publish(stream, { message, chunks, next });
        else await refuse(stream, { code: RequestCode.notSupported });
      } finally {
        requestIds.delete(message.requestId);
      }
    },
  };
}

interface Asked {
  readonly message: Extract<ControlMessage, { readonly kind: "subscribe" }>;
  readonly chunks: ReturnType<typeof chunkReader>;
  readonly next: ReturnType<typeof messageReader>;
}

function refusalOf(
  offer: TrackOffer | TrackRefusal | undefined,
  isActive: boolean,
  parameters: Parameters,
): number | undefined {
  if (offer === undefined) return RequestCode.doesNotExist;
  if ("retryAfterMs" in offer) return RequestCode.excessiveLoad;
  if (isActive) return RequestCode.duplicateSubscription;
  const filter = parameters.get(ParameterType.subscriptionFilter);
  const type = filter instanceof Uint8Array ? (filter[0] ?? 0) : undefined;
  if (type === undefined) return undefined;
  if (type === 0 || type > FILTERS_KNOWN) throw new ProtocolError(`filter ${type} is unknown`);
  // The other filters begin at or before what a live track sends next: a new group.
  return type === ABSOLUTE_RANGE ? RequestCode.invalidRange : undefined;
}

interface Refusal {
  readonly code: number;
  readonly retryAfterMs?: number;
  readonly reason?: string;
}

const waitOf = (offer: TrackOffer | TrackRefusal | undefined): Partial<Refusal> =>
  offer !== undefined && "retryAfterMs" in offer ? { retryAfterMs: offer.retryAfterMs } : {};

/** Objects in datagrams may not go another way; a subscriber that is told so does not wait for them. */
function uncarried(offer: TrackOffer | TrackRefusal | undefined, { transport }: Peer): Refusal | undefined {
  const isCarried = offer === undefined || "retryAfterMs" in offer || offer.inDatagrams !== true || transport.datagrams.maxBytes > 0;
  return isCarried ? undefined : { code: RequestCode.notSupported, reason: "this session carries no datagrams" };
}

async function refuse(
  stream: BidirectionalStream,
  { code, retryAfterMs, reason = "" }: Refusal,
): Promise<void> {
  const writer = stream.writable.getWriter();
  const message = encodeControl({ kind: "requestError", code, retryAfterMs, reason });
  writer.write(message).catch(() => undefined);
  await within(ANSWER_MS_MAX, writer.close().catch(() => undefined));
}
