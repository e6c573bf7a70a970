/** OBJECT_DATAGRAM: one object that travels alone (draft-ietf-moq-transport-18, section 11.3.1). */

import { byteReader, byteWriter, type ByteReader } from "./bytes.ts";
import { ObjectStatus, ProtocolError, StreamType } from "./codes.ts";
import { decodeProperties, encodeProperties, NO_PROPERTIES, PROPERTIES_BYTES_MAX } from "./properties.ts";
import type { Properties } from "./types.ts";

const Bit = {
  properties: 0x01,
  endOfGroup: 0x02,
  zeroObject: 0x04,
  defaultPriority: 0x08,
  status: 0x20,
} as const;
const BITS = 0x2f;

export interface Datagram {
  readonly alias: number;
  readonly group: number;
  readonly object: number;
  /** Undefined: the track's own. */
  readonly priority: number | undefined;
  /** The group ends with this object. */
  readonly isEndOfGroup: boolean;
  /** Only normal objects have properties and a payload. */
  readonly status: number;
  readonly properties: Properties;
  readonly payload: Uint8Array;
}

/** Reads a datagram; undefined for padding. Throws `ProtocolError` for what the draft forbids. */
export function decodeDatagram(bytes: Uint8Array): Datagram | undefined {
  const reader = byteReader(bytes);
  const type = reader.varint();
  if (type === StreamType.paddingDatagram) return undefined;
  const has = (bit: number): boolean => (type & bit) !== 0;
  if (type > BITS || (type & ~BITS) !== 0 || (has(Bit.status) && has(Bit.endOfGroup))) {
    throw new ProtocolError(`datagram type ${type} is unknown`);
  }
  const alias = reader.varint();
  const group = reader.varint();
  const object = has(Bit.zeroObject) ? 0 : reader.varint();
  const priority = has(Bit.defaultPriority) ? undefined : reader.uint8();
  const properties = has(Bit.properties) ? takeProperties(reader) : NO_PROPERTIES;
  const status = has(Bit.status) ? takeStatus(reader, has(Bit.properties)) : ObjectStatus.normal;
  const payload = reader.bytes(reader.left);
  return { alias, group, object, priority, isEndOfGroup: has(Bit.endOfGroup), status, properties, payload };
}

function takeProperties(reader: ByteReader): Properties {
  const length = reader.varint();
  if (length === 0) throw new ProtocolError("a datagram says that it has properties, and has none");
  if (length > PROPERTIES_BYTES_MAX) throw new ProtocolError("properties are larger than 4 KiB");
  return decodeProperties(reader.bytes(length));
}

function takeStatus(reader: ByteReader, hasProperties: boolean): number {
  const status = reader.varint();
  const isKnown = status === ObjectStatus.normal || status === ObjectStatus.endOfGroup || status === ObjectStatus.endOfTrack;
  if (!isKnown) throw new ProtocolError(`object status ${status} is unknown`);
  if (hasProperties && status !== ObjectStatus.normal) throw new ProtocolError("a status has properties");
  if (reader.left > 0) throw new ProtocolError("a datagram with a status has a payload");
  return status;
}

const bit = (isSet: boolean, value: number): number => (isSet ? value : 0);

/** The shortest form. A normal object without payload needs no status: its datagram just ends. */
export function encodeDatagram(datagram: Datagram): Uint8Array<ArrayBuffer> {
  const { alias, group, object, priority, isEndOfGroup, status, properties, payload } = datagram;
  const pairs = encodeProperties(properties);
  if (pairs.length > PROPERTIES_BYTES_MAX) throw new RangeError("properties are larger than 4 KiB");
  const hasStatus = status !== ObjectStatus.normal;
  if (hasStatus && (isEndOfGroup || pairs.length > 0 || payload.length > 0)) {
    throw new RangeError("a status comes alone");
  }
  const writer = byteWriter();
  writer.varint(
    bit(pairs.length > 0, Bit.properties) |
      bit(isEndOfGroup, Bit.endOfGroup) |
      bit(object === 0, Bit.zeroObject) |
      bit(priority === undefined, Bit.defaultPriority) |
      bit(hasStatus, Bit.status),
  );
  writer.varint(alias);
  writer.varint(group);
  if (object !== 0) writer.varint(object);
  if (priority !== undefined) writer.uint8(priority);
  if (pairs.length > 0) writer.prefixed(pairs);
  if (hasStatus) writer.varint(status);
  writer.bytes(payload);
  return writer.written();
}
