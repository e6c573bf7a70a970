/** A subscription of the peer to a track of ours: SUBSCRIBE_OK, the subgroups, the end. */

import { latch, within, type Latch } from "../net/deadline.ts";
import { streamError, type BidirectionalStream } from "../net/transport.ts";
import { DoneCode, ObjectStatus, PropertyType, ProtocolError, ResetCode } from "./codes.ts";
import { encodeControl, type SentMessage } from "./control.ts";
import { encodeDatagram } from "./datagram.ts";
import { NO_PARAMETERS, ParameterType, type Location, type Parameters, type ParameterValue } from "./parameters.ts";
import type { ChunkReader, Incoming, Peer } from "./peer.ts";
import { CLOSED_SUBGROUP, outgoingSubgroup, type OutgoingSubgroup } from "./subgroup-writer.ts";
import type { Properties, Publication, SentObject, SubgroupWriter, TrackOffer } from "./types.ts";

/** How long the streams of an ended track may take to leave before they are reset. */
const FINISH_MS_MAX = 1_000;
/** Send orders of one priority, and of one track: older groups first, and of a group the lowest subgroup. */
const SEND_ORDERS_PER_PRIORITY = 2 ** 40;
const SEND_ORDERS_PER_TRACK = 2 ** 37;
const SEND_ORDERS_PER_GROUP = 8;

/** What a publication needs to know of its track. */
export interface Subscribed {
  readonly track: string;
  readonly alias: number;
  readonly offer: TrackOffer;
  /** The largest object published so far, kept across publications. */
  readonly largest: { location: Location | undefined };
  readonly parameters: Parameters;
}

/** The draft's priority and order (lower first) as the transport's order (higher first). */
function sendOrder({ priority, order = 0 }: TrackOffer, groupCount: number, subgroup: number): number {
  const place = order * SEND_ORDERS_PER_TRACK + groupCount * SEND_ORDERS_PER_GROUP + Math.min(subgroup, SEND_ORDERS_PER_GROUP - 1);
  return (255 - priority) * SEND_ORDERS_PER_PRIORITY - place;
}

const properties = (offer: TrackOffer): Properties => {
  const pairs: [number, number][] = [[PropertyType.defaultPublisherPriority, offer.priority]];
  if (offer.deliveryTimeoutMs !== undefined) {
    pairs.push([PropertyType.objectDeliveryTimeout, offer.deliveryTimeoutMs]);
  }
  if (offer.hasDynamicGroups === true) pairs.push([PropertyType.dynamicGroups, 1]);
  return new Map(pairs);
};

/** Objects of one group come from several subgroups: the order of writing is not that of IDs. */
const later = (known: Location | undefined, written: Location): Location =>
  known === undefined ||
  written.group > known.group ||
  (written.group === known.group && written.object > known.object)
    ? written
    : known;

const largestParameter = (location: Location | undefined): Parameters =>
  location === undefined ? NO_PARAMETERS : new Map([[ParameterType.largestObject, location]]);

/** Serves the subscription until either side ends it. Rejects with what must end the session. */
export async function servePublication(
  peer: Peer,
  subscribed: Subscribed,
  stream: BidirectionalStream,
  incoming: { readonly chunks: ChunkReader; readonly next: () => Promise<Incoming> },
): Promise<void> {
  const writer = stream.writable.getWriter();
  const send = (message: SentMessage): void => {
    writer.write(encodeControl(message)).catch(() => undefined);
  };
  const { alias, offer, largest } = subscribed;
  const over = latch<void>();
  // STOP_SENDING is how a subscriber leaves.
  writer.closed.then(() => over.resolve(), () => over.resolve());
  peer.closed.then(() => over.resolve());

  const streams = forwarding(peer, subscribed, (code, streamCount) => {
    send({ kind: "publishDone", code, streamCount, reason: "" });
    // `writer.closed` ends the subscription, in time or not at all.
    const close = writer.close().catch(() => undefined);
    within(FINISH_MS_MAX, close).then(() => over.resolve());
  });
  send({
    kind: "subscribeOk",
    alias,
    parameters: largestParameter(largest.location),
    properties: properties(offer),
  });
  streams.forward(subscribed.parameters.get(ParameterType.forward) ?? 1);
  const updates = followUpdates(incoming.next, (parameters) => {
    send({ kind: "requestOk", parameters: largestParameter(largest.location) });
    streams.forward(parameters.get(ParameterType.forward));
    streams.requestGroup(parameters.get(ParameterType.newGroupRequest));
  });
  try {
    await Promise.race([over.promise, updates]);
  } finally {
    streams.abandon();
    incoming.chunks.stop(ResetCode.cancelled);
    writer.abort(streamError(ResetCode.cancelled)).catch(() => undefined);
  }
}

/** Settles when the subscriber resets its side; a FIN only says that it will change nothing. */
async function followUpdates(
  next: () => Promise<Incoming>,
  onUpdate: (parameters: Parameters) => void,
): Promise<void> {
  for (;;) {
    const message = await next();
    if (message === "reset" || message === "lost") return;
    if (message === "end") return new Promise(() => undefined);
    if (message.kind !== "requestUpdate") throw new ProtocolError(`${message.kind} after SUBSCRIBE`);
    onUpdate(message.parameters);
  }
}

/** What is too large for the session is lost, as the draft has it. */
function sendObject(peer: Peer, { alias, largest }: Subscribed, object: SentObject): void {
  const rest = { alias, priority: undefined, isEndOfGroup: false, status: ObjectStatus.normal };
  peer.transport.datagrams.send(encodeDatagram({ ...rest, ...object }));
  largest.location = later(largest.location, { group: object.group, object: object.object });
}

interface Forwarding {
  /** Takes the FORWARD parameter: a publication begins with 1 and ends with 0. */
  forward(state: ParameterValue | undefined): void;
  /** Takes the NEW_GROUP_REQUEST parameter. */
  requestGroup(wanted: ParameterValue | undefined): void;
  /** Resets what is open; the publication is over. */
  abandon(): void;
}

/** The streams of one publication. */
interface OutgoingStreams {
  open(group: number, subgroup: number, order: number): SubgroupWriter;
  openedCount(): number;
  /** Ends all; settles when they have left or had their time. */
  finish(): Promise<void>;
  reset(): void;
}

function outgoingStreams({ transport }: Peer, { alias, largest }: Subscribed): OutgoingStreams {
  const open = new Set<OutgoingSubgroup>();
  let openedCount = 0;
  return {
    open(group, subgroup, order) {
      const header = { alias, group, subgroup, priority: undefined };
      const stream = outgoingSubgroup(transport, header, order, (object) => {
        largest.location = later(largest.location, { group, object });
      });
      openedCount += 1;
      open.add(stream);
      stream.ended.then(() => open.delete(stream));
      return stream;
    },
    openedCount: () => openedCount,
    async finish() {
      const streams = [...open];
      for (const subgroup of streams) subgroup.finish();
      await within(FINISH_MS_MAX, Promise.all(streams.map(({ ended }) => ended)));
    },
    reset() {
      for (const subgroup of open) subgroup.reset(ResetCode.cancelled);
      open.clear();
    },
  };
}

function forwarding(peer: Peer, subscribed: Subscribed, onDone: (code: number, streamCount: number) => void): Forwarding {
  const streams = outgoingStreams(peer, subscribed);
  let current: Latch<void> | undefined;
  let groupCount = 0;
  let newest = -1;
  let isForwarded = false;
  let wantsGroup = false;

  const abandon = (): void => {
    streams.reset();
    current?.resolve();
    current = undefined;
  };
  const finish = async (code: number): Promise<void> => {
    current?.resolve();
    current = undefined;
    await streams.finish();
    abandon();
    onDone(code, streams.openedCount());
  };
  const enter = (group: number): void => {
    if (group <= newest) return;
    newest = group;
    groupCount += 1;
    wantsGroup = false;
  };
  const openSubgroup = (group: number, subgroup: number): SubgroupWriter => {
    enter(group);
    return streams.open(group, subgroup, sendOrder(subscribed.offer, groupCount, subgroup));
  };
  const sendDatagram = (object: SentObject): void => {
    enter(object.group);
    sendObject(peer, subscribed, object);
  };
  const begin = (): void => {
    const ended = latch<void>();
    current = ended;
    subscribed.offer.start({
      track: subscribed.track,
      ended: ended.promise,
      get wantsGroup() {
        return current === ended && wantsGroup;
      },
      openSubgroup: (group, subgroup) => (current === ended ? openSubgroup(group, subgroup) : CLOSED_SUBGROUP),
      sendDatagram(object) {
        if (current === ended) sendDatagram(object);
      },
      get isLossy() {
        return peer.transport.isLossy;
      },
      end(code = DoneCode.trackEnded) {
        if (current === ended) void finish(code);
      },
    } satisfies Publication);
  };
  return {
    forward(state) {
      if (state === undefined || (state === 1) === isForwarded) return;
      isForwarded = state === 1;
      if (isForwarded) begin();
      else abandon();
    },
    requestGroup(wanted) {
      if (typeof wanted === "number" && (wanted === 0 || wanted > newest)) wantsGroup = true;
    },
    abandon,
  };
}
