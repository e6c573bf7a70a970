/**
 * Control messages: type, 16-bit length, payload.
 *
 * Both directions of every message that a client of ours sends or gets; messages of requests that
 * nobody makes here keep their number, so that they can be refused by name.
 */

import { byteReader, byteWriter, text, utf8, type ByteReader, type ByteWriter } from "./bytes.ts";
import { ProtocolError, RequestCode } from "./codes.ts";
import { putParameters, takeParameters, type Parameters } from "./parameters.ts";
import { decodePairs, decodeProperties, encodePairs, encodeProperties, type KeyValue } from "./properties.ts";
import type { Namespace, Properties } from "./types.ts";
import { putVarint, varintAt, varintLength, varintSizeOf } from "./varint.ts";

const NAMESPACE_FIELDS_MAX = 32;
const FULL_NAME_BYTES_MAX = 4096;
const REASON_BYTES_MAX = 1024;
const URI_BYTES_MAX = 8192;
const PAYLOAD_BYTES_MAX = 0xffff;

interface Request {
  readonly requestId: number;
  readonly namespace: Namespace;
  readonly parameters: Parameters;
}

export type ControlMessage =
  | { readonly kind: "setup"; readonly options: readonly KeyValue[] }
  | ({ readonly kind: "subscribe"; readonly track: string } & Request)
  | ({ readonly kind: "publishNamespace" } & Request)
  | ({ readonly kind: "subscribeNamespace" } & Request)
  | {
      readonly kind: "subscribeOk";
      readonly alias: number;
      readonly parameters: Parameters;
      readonly properties: Properties;
    }
  | { readonly kind: "requestOk"; readonly parameters: Parameters }
  | {
      readonly kind: "requestError";
      readonly code: number;
      readonly retryAfterMs: number | undefined;
      readonly reason: string;
    }
  | { readonly kind: "requestUpdate"; readonly requestId: number; readonly parameters: Parameters }
  | {
      readonly kind: "publishDone";
      readonly code: number;
      readonly streamCount: number;
      readonly reason: string;
    }
  | { readonly kind: "namespace"; readonly suffix: Namespace }
  | { readonly kind: "namespaceDone"; readonly suffix: Namespace }
  | { readonly kind: "goaway"; readonly uri: string; readonly timeoutMs: number }
  /** TRACK_STATUS, PUBLISH, FETCH and SUBSCRIBE_TRACKS: requests we never grant. */
  | { readonly kind: "otherRequest"; readonly requestId: number };

type Kind = ControlMessage["kind"];

const TYPES: Readonly<Record<Exclude<Kind, "otherRequest">, number>> = {
  setup: 0x2f00,
  subscribe: 0x3,
  publishNamespace: 0x6,
  subscribeNamespace: 0x50,
  subscribeOk: 0x4,
  requestOk: 0x7,
  requestError: 0x5,
  requestUpdate: 0x2,
  publishDone: 0xb,
  namespace: 0x8,
  namespaceDone: 0xe,
  goaway: 0x10,
};
const KINDS: ReadonlyMap<number, Kind> = new Map<number, Kind>([
  ...Object.entries(TYPES).map(([kind, type]) => [type, kind] as [number, Kind]),
  ...[0xd, 0x1d, 0x16, 0x51].map((type) => [type, "otherRequest"] as [number, Kind]),
]);

/** A message that can be sent; requests that we do not make have no encoding. */
export type SentMessage = Exclude<ControlMessage, { readonly kind: "otherRequest" }>;

export function encodeControl(message: SentMessage): Uint8Array<ArrayBuffer> {
  const writer = byteWriter();
  putPayload(writer, message);
  const payload = writer.written();
  if (payload.length > PAYLOAD_BYTES_MAX) throw new RangeError("a control message is too long");
  const type = TYPES[message.kind];
  const head = varintLength(type) + 2;
  const bytes = new Uint8Array(head + payload.length);
  putVarint(bytes, 0, type);
  new DataView(bytes.buffer).setUint16(head - 2, payload.length);
  bytes.set(payload, head);
  return bytes;
}

function putPayload(writer: ByteWriter, message: SentMessage): void {
  switch (message.kind) {
    case "setup":
      return writer.bytes(encodePairs(message.options));
    case "subscribe":
    case "publishNamespace":
    case "subscribeNamespace":
      writer.varint(message.requestId);
      putNamespace(writer, message.namespace);
      if (message.kind === "subscribe") writer.prefixed(utf8(message.track));
      return putParameters(writer, message.parameters);
    case "subscribeOk":
      writer.varint(message.alias);
      putParameters(writer, message.parameters);
      return writer.bytes(encodeProperties(message.properties));
    case "requestOk":
      return putParameters(writer, message.parameters);
    case "requestError":
      writer.varint(message.code);
      writer.varint(message.retryAfterMs === undefined ? 0 : message.retryAfterMs + 1);
      return writer.prefixed(utf8(message.reason));
    case "requestUpdate":
      writer.varint(message.requestId);
      return putParameters(writer, message.parameters);
    case "publishDone":
      writer.varint(message.code);
      writer.varint(message.streamCount);
      return writer.prefixed(utf8(message.reason));
    case "namespace":
    case "namespaceDone":
      return putNamespace(writer, message.suffix);
    case "goaway":
      // Clients have no request of the relay to name: all of them count as not done.
      writer.prefixed(utf8(message.uri));
      writer.varint(message.timeoutMs);
      return writer.varint(1);
  }
}

function putNamespace(writer: ByteWriter, namespace: Namespace): void {
  writer.varint(namespace.length);
  for (const field of namespace) writer.prefixed(utf8(field));
}

/** A frame's size in bytes once its head is there. */
export function frameAt(bytes: Uint8Array): { readonly head: number; readonly end: number } | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  const head = varintSizeOf(first) + 2;
  if (bytes.length < head) return undefined;
  return { head, end: head + ((bytes[head - 2] ?? 0) << 8) + (bytes[head - 1] ?? 0) };
}

/** Decodes one whole frame. */
export function decodeControl(frame: Uint8Array, head: number): ControlMessage {
  const type = varintAt(frame, 0);
  const kind = KINDS.get(type);
  if (kind === undefined) throw new ProtocolError(`message ${type} is unknown`);
  const reader = byteReader(frame.subarray(head));
  const message = takePayload(reader, kind);
  // The rest of a refused request is of no interest.
  if (reader.left > 0 && kind !== "otherRequest") {
    throw new ProtocolError(`${kind} is longer than its fields`);
  }
  return message;
}

function takePayload(reader: ByteReader, kind: Kind): ControlMessage {
  switch (kind) {
    case "setup":
      return { kind, options: decodePairs(reader.bytes(reader.left)) };
    case "subscribe": {
      const requestId = reader.varint();
      const namespace = takeNamespace(reader);
      const track = takeTrackName(reader, namespace);
      return { kind, requestId, namespace, track, parameters: takeParameters(reader) };
    }
    case "publishNamespace":
    case "subscribeNamespace":
      return {
        kind,
        requestId: reader.varint(),
        namespace: takeNamespace(reader),
        parameters: takeParameters(reader),
      };
    case "subscribeOk": {
      const alias = reader.varint();
      const parameters = takeParameters(reader);
      return { kind, alias, parameters, properties: decodeProperties(reader.bytes(reader.left)) };
    }
    case "requestOk":
      return { kind, parameters: takeParameters(reader) };
    case "requestUpdate":
      return { kind, requestId: reader.varint(), parameters: takeParameters(reader) };
    case "publishDone":
      return {
        kind,
        code: reader.varint(),
        // 2^62 - 1 says that the number is not known.
        streamCount: reader.roundedVarint(),
        reason: takeReason(reader),
      };
    case "namespace":
    case "namespaceDone":
      return { kind, suffix: takeNamespace(reader) };
    case "otherRequest":
      return { kind, requestId: reader.varint() };
    case "requestError":
      return takeRequestError(reader);
    case "goaway":
      return takeGoaway(reader);
  }
}

function takeNamespace(reader: ByteReader): Namespace {
  const count = reader.varint();
  if (count > NAMESPACE_FIELDS_MAX) throw new ProtocolError("a namespace has more than 32 fields");
  const namespace: string[] = [];
  let bytes = 0;
  for (let i = 0; i < count; i += 1) {
    const field = reader.prefixed();
    if (field.length === 0) throw new ProtocolError("a namespace field is empty");
    bytes += field.length;
    namespace.push(text(field));
  }
  if (bytes > FULL_NAME_BYTES_MAX) throw new ProtocolError("a namespace is longer than 4,096 bytes");
  return namespace;
}

function takeTrackName(reader: ByteReader, namespace: Namespace): string {
  const name = reader.prefixed();
  const bytes = namespace.reduce((sum, field) => sum + utf8(field).length, name.length);
  if (bytes > FULL_NAME_BYTES_MAX) throw new ProtocolError("a track name is longer than 4,096 bytes");
  return text(name);
}

function takeReason(reader: ByteReader): string {
  const reason = reader.prefixed();
  if (reason.length > REASON_BYTES_MAX) throw new ProtocolError("a reason is longer than 1,024 bytes");
  return text(reason);
}

function takeRequestError(reader: ByteReader): ControlMessage {
  const code = reader.varint();
  const interval = reader.varint();
  const reason = takeReason(reader);
  if (code === RequestCode.redirect) {
    // We are never redirected by a relay of ours; checked, not followed.
    reader.prefixed();
    takeTrackName(reader, takeNamespace(reader));
  }
  return { kind: "requestError", code, retryAfterMs: interval === 0 ? undefined : interval - 1, reason };
}

function takeGoaway(reader: ByteReader): ControlMessage {
  const uri = reader.prefixed();
  if (uri.length > URI_BYTES_MAX) throw new ProtocolError("a session URI is longer than 8,192 bytes");
  const timeoutMs = reader.roundedVarint();
  // Only on the control stream; on a request's stream the message ends here.
  if (reader.left > 0) reader.roundedVarint();
  return { kind: "goaway", uri: text(uri), timeoutMs };
}
