/**
 * A MoQT session of a client (draft-ietf-moq-transport-18) over a transport.
 *
 * Here: the two control streams, incoming streams by their type, and the end. Requests of ours are
 * in `request.ts`, requests of the peer in `serving.ts`, incoming data in `receiving.ts`.
 */

import { latch, LATE, within } from "../net/deadline.ts";
import { isSessionError, type BidirectionalStream, type Transport } from "../net/transport.ts";
import { byteWriter, joined, utf8 } from "./bytes.ts";
import { ProtocolError, ResetCode, SessionCode, StreamType } from "./codes.ts";
import { encodeControl } from "./control.ts";
import { ANSWER_MS_MAX, chunkReader, CONTROL_SEND_ORDER, messageReader, type ChunkReader, type Peer } from "./peer.ts";
import { ParameterType } from "./parameters.ts";
import type { KeyValue } from "./properties.ts";
import { receiving, type Receiving } from "./receiving.ts";
import { makeRequest } from "./request.ts";
import { serving, type Serving } from "./serving.ts";
import { isSubgroupType } from "./subgroup.ts";
import { announcing, discovering, subscribing } from "./tracks.ts";
import type { Session, SessionEnd } from "./types.ts";
import { varintAt, varintSizeOf } from "./varint.ts";

/** docs/protocol.md: SETUP within 5 s. */
const SETUP_MS_MAX = 5_000;
/** The longest reason WebTransport carries. */
const REASON_BYTES_MAX = 1024;
const IMPLEMENTATION = "Mosaik/0.1";

const SetupOption = {
  authorizationToken: 0x03,
  implementation: 0x07,
  /** Ours: 1 in the SETUP of a relay that offers switching tracks (docs/protocol.md). */
  switchingTracks: 0x4d53_0004,
} as const;
/** The Token structure: no alias, the value itself, of a type agreed on elsewhere. */
const TOKEN_USE_VALUE = 0x3;
const TOKEN_TYPE = 0x0;

export type Opening =
  | { readonly kind: "open"; readonly session: Session }
  | { readonly kind: "failed"; readonly end: SessionEnd };

/** Sends SETUP with `token` and waits for the peer's. */
export async function openSession(transport: Transport, token: string): Promise<Opening> {
  const ending = sessionEnding(transport);
  const { peer } = ending;
  const routes = receiving();
  const requests = serving(peer);
  const isSetUp = latch<readonly KeyValue[]>();
  const goingAway = latch<void>();

  const control = followControl(peer, isSetUp.resolve, goingAway.resolve);
  acceptStreams(transport.incomingUnidirectionalStreams, peer, (stream) =>
    acceptData(chunkReader(stream), routes, control),
  );
  acceptStreams(transport.incomingBidirectionalStreams, peer, (stream) => requests.serve(stream));
  acceptDatagrams(transport.datagrams.readable, peer, routes.receiveDatagram);
  sendSetup(peer, token).catch(peer.fail);

  const first = await within(SETUP_MS_MAX, Promise.race([isSetUp.promise, peer.closed]));
  if (first === LATE) ending.close(SessionCode.controlMessageTimeout, "no SETUP within 5 s");
  else if (isOptions(first)) {
    const hasSwitchingTracks = first.some(([type, value]) => type === SetupOption.switchingTracks && value === 1);
    const features = { goingAway: goingAway.promise, hasSwitchingTracks };
    return { kind: "open", session: sessionOf(ending, routes, requests, features) };
  }
  return { kind: "failed", end: await peer.closed };
}

const isOptions = (first: readonly KeyValue[] | SessionEnd): first is readonly KeyValue[] => Array.isArray(first);

interface Ending {
  readonly peer: Peer;
  close(code: number, reason: string): void;
}

/** The session's end, whoever brings it about; the first word counts. */
function sessionEnding(transport: Transport): Ending {
  const closed = latch<SessionEnd>();
  let isClosed = false;
  let requestId = 0;
  const settle = (end: SessionEnd): void => {
    isClosed = true;
    closed.resolve(end);
  };
  const close = (code: number, reason: string): void => {
    if (isClosed) return;
    settle({ code, reason, byUs: true });
    try {
      const bytes = utf8(reason).slice(0, REASON_BYTES_MAX);
      transport.close({ closeCode: code, reason: new TextDecoder().decode(bytes, { stream: true }) });
    } catch {
      // It was gone already, which is what we wanted.
    }
  };
  transport.closed.then(
    ({ closeCode, reason }) => settle({ code: closeCode, reason: reason ?? "", byUs: false }),
    (error: unknown) => settle({ code: undefined, reason: String(error), byUs: false }),
  );
  const peer: Peer = {
    transport,
    closed: closed.promise,
    isClosed: () => isClosed,
    fail(error) {
      const code = error instanceof ProtocolError ? error.code : SessionCode.internalError;
      close(code, error instanceof Error ? error.message : String(error));
    },
    nextRequestId() {
      const id = requestId;
      requestId += 2;
      return id;
    },
  };
  return { peer, close };
}

function sessionOf(
  { peer, close }: Ending,
  routes: Receiving,
  requests: Serving,
  features: Pick<Session, "goingAway" | "hasSwitchingTracks">,
): Session {
  return {
    ...features,
    closed: peer.closed,
    close,
    subscribe(namespace, track, options, subscriber) {
      const request = makeRequest(peer, subscribing(routes, namespace, track, { ...options, subscriber }));
      return {
        ...request,
        setPictureHeightMax: (pixels) => request.update(new Map([[ParameterType.pictureHeightMax, pixels]])),
      };
    },
    subscribeNamespace: (prefix, onChange) => makeRequest(peer, discovering(prefix, onChange)),
    announce(namespace, offer) {
      // Before the request: the peer may subscribe before it answers.
      const withdraw = requests.announce(namespace, offer);
      const request = makeRequest(peer, announcing(namespace));
      request.ended.then(withdraw);
      return request;
    },
  };
}

async function sendSetup(peer: Peer, token: string): Promise<void> {
  const value = byteWriter();
  value.varint(TOKEN_USE_VALUE);
  value.varint(TOKEN_TYPE);
  value.bytes(utf8(token));
  const setup = encodeControl({
    kind: "setup",
    options: [
      [SetupOption.authorizationToken, value.written()],
      [SetupOption.implementation, utf8(IMPLEMENTATION)],
    ],
  });
  const stream = await peer.transport
    .createUnidirectionalStream({ sendOrder: CONTROL_SEND_ORDER })
    .catch(() => undefined);
  const writer = stream?.getWriter();
  // The control stream stays open as long as the session: its end is the session's.
  writer?.closed.catch((error: unknown) => {
    if (!isSessionError(error)) peer.fail(new ProtocolError("our control stream was stopped"));
  });
  await writer?.write(setup).catch(() => undefined);
}

/** Reads the peer's control stream, of which there is one. */
function followControl(
  peer: Peer,
  onSetup: (options: readonly KeyValue[]) => void,
  onGoaway: () => void,
): (chunks: ChunkReader) => Promise<void> {
  let isKnown = false;
  return async (chunks) => {
    if (isKnown) throw new ProtocolError("a second control stream");
    isKnown = true;
    const next = messageReader(chunks);
    let goawayCount = 0;
    for (let count = 0; ; count += 1) {
      const message = await next();
      if (message === "lost" || peer.isClosed()) return;
      if (typeof message === "string") throw new ProtocolError("the control stream ended");
      if (count === 0 && message.kind === "setup") onSetup(message.options);
      else if (count > 0 && message.kind === "goaway") {
        goawayCount += 1;
        if (goawayCount > 1) throw new ProtocolError("a second GOAWAY");
        onGoaway();
      } else throw new ProtocolError(`${message.kind} on the control stream`);
    }
  };
}

/** Takes streams until the session ends; what one of them throws ends it. */
function acceptStreams<T extends ReadableStream<Uint8Array> | BidirectionalStream>(
  streams: ReadableStream<T>,
  peer: Peer,
  accept: (stream: T) => Promise<void>,
): void {
  const reader = streams.getReader();
  const take = async (): Promise<void> => {
    for (;;) {
      // The end of all streams is the end of the session, which `closed` tells.
      const { value } = await reader.read().catch(() => ({ value: undefined }));
      if (value === undefined) return;
      accept(value).catch(peer.fail);
    }
  };
  void take();
}

/** Takes datagrams until the session ends; what one of them throws ends it. */
function acceptDatagrams(datagrams: ReadableStream<Uint8Array>, peer: Peer, accept: (bytes: Uint8Array) => void): void {
  const reader = datagrams.getReader();
  const take = async (): Promise<void> => {
    for (;;) {
      const { value } = await reader.read().catch(() => ({ value: undefined }));
      if (value === undefined || peer.isClosed()) return;
      accept(value);
    }
  };
  take().catch(peer.fail);
}

async function acceptData(
  chunks: ChunkReader,
  routes: Receiving,
  control: (chunks: ChunkReader) => Promise<void>,
): Promise<void> {
  const type = await within(ANSWER_MS_MAX, streamType(chunks));
  if (type === LATE || type === undefined) {
    chunks.stop(ResetCode.cancelled);
    return;
  }
  if (isSubgroupType(type)) await routes.receive(chunks);
  else if (type === StreamType.setup) await control(chunks);
  else if (type === StreamType.padding) await discard(chunks);
  else throw new ProtocolError(`stream type ${type} is unknown`);
}

/** The type, which stays to be read again; undefined when the stream ended before it. */
async function streamType(chunks: ChunkReader): Promise<number | undefined> {
  let bytes: Uint8Array = new Uint8Array(0);
  for (;;) {
    const chunk = await chunks.read();
    if (typeof chunk === "string") return undefined;
    bytes = joined(bytes, chunk);
    if (bytes.length === 0 || bytes.length < varintSizeOf(bytes[0] ?? 0)) continue;
    chunks.unread(bytes);
    return varintAt(bytes, 0);
  }
}

/** Padding measures the line: it is read, so that flow control lets it through. */
async function discard(chunks: ChunkReader): Promise<void> {
  let chunk;
  do chunk = await chunks.read();
  while (typeof chunk !== "string");
}
