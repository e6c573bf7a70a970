/**
 * Subgroup streams: a header, then objects.
 *
 * The decoder takes chunks as they come, cut anywhere, and gives whole objects. It copies every
 * payload once, into memory of the object's own.
 */

import { byteReader, byteWriter, joined, type ByteReader } from "./bytes.ts";
import { ObjectStatus, ProtocolError } from "./codes.ts";
import { decodeProperties, encodeProperties, NO_PROPERTIES, PROPERTIES_BYTES_MAX } from "./properties.ts";
import type { Properties, ReceivedObject } from "./types.ts";
import { exact, putVarint, varintAt, varintLength, varintSizeOf } from "./varint.ts";

/** A key frame of a shared screen stays below 1 MiB; beyond 8 MiB it is an attack on our memory. */
export const PAYLOAD_BYTES_MAX = 8 * 1024 * 1024;

const Bit = {
  properties: 0x01,
  subgroupIdMode: 0x06,
  endOfGroup: 0x08,
  subgroup: 0x10,
  defaultPriority: 0x20,
  firstObject: 0x40,
} as const;
/** Values of `subgroupIdMode`. */
const IdMode = { zero: 0x00, firstObject: 0x02, present: 0x04, reserved: 0x06 } as const;

export interface SubgroupHeader {
  readonly alias: number;
  readonly group: number;
  readonly subgroup: number;
  /** Undefined: the track's own. */
  readonly priority: number | undefined;
}

/** Whether `type` begins a subgroup stream, 0b0XX1XXXX. */
export const isSubgroupType = (type: number): boolean =>
  type < 0x80 && (type & Bit.subgroup) !== 0 && (type & Bit.subgroupIdMode) !== IdMode.reserved;

/** The header of a subgroup that we begin with its first object; every object has properties. */
export function encodeSubgroupHeader(header: SubgroupHeader): Uint8Array<ArrayBuffer> {
  const writer = byteWriter();
  writer.varint(
    Bit.subgroup |
      Bit.firstObject |
      Bit.properties |
      (header.subgroup === 0 ? IdMode.zero : IdMode.present) |
      (header.priority === undefined ? Bit.defaultPriority : 0),
  );
  writer.varint(header.alias);
  writer.varint(header.group);
  if (header.subgroup !== 0) writer.varint(header.subgroup);
  if (header.priority !== undefined) writer.uint8(header.priority);
  return writer.written();
}

/** One object in a stream whose objects have properties; `skipped` IDs lie between it and the one before. */
export function encodeObject(payload: Uint8Array, properties: Properties, skipped = 0): Uint8Array<ArrayBuffer> {
  if (payload.length > PAYLOAD_BYTES_MAX) throw new RangeError("an object is larger than 8 MiB");
  const pairs = encodeProperties(properties);
  if (pairs.length > PROPERTIES_BYTES_MAX) throw new RangeError("properties are larger than 4 KiB");
  const head = varintLength(skipped) + varintLength(pairs.length) + pairs.length + varintLength(payload.length);
  const status = payload.length === 0 ? 1 : 0;
  const bytes = new Uint8Array(head + status + payload.length);
  let at = putVarint(bytes, 0, skipped);
  at = putVarint(bytes, at, pairs.length);
  bytes.set(pairs, at);
  at = putVarint(bytes, at + pairs.length, payload.length);
  if (payload.length === 0) putVarint(bytes, at, ObjectStatus.normal);
  else bytes.set(payload, at);
  return bytes;
}

export interface SubgroupDecoder {
  /** Throws `ProtocolError` for what the draft forbids. */
  push(chunk: Uint8Array): void;
  /** The stream's FIN. Throws when an object was cut. */
  finish(): void;
}

interface Fields {
  readonly object: number;
  readonly properties: Properties;
  readonly length: number;
  readonly status: number;
}

export interface SubgroupEvents {
  /** Once, before the first object, which may still have to name the subgroup. */
  onHeader(header: Pick<SubgroupHeader, "alias" | "group"> & { readonly subgroup?: number }): void;
  onObject(object: ReceivedObject): void;
}

/** A header on its way in: the subgroup may be named by the first object only. */
type OpenHeader = Omit<SubgroupHeader, "subgroup"> & { readonly type: number; subgroup?: number };

/** Decodes a stream from its first byte, the type. */
export function subgroupDecoder(events: SubgroupEvents): SubgroupDecoder {
  let header: OpenHeader | undefined;
  let previous = -1;
  let isOver = false;
  /** Bytes of a header or of fields that are not complete yet. */
  let rest: Uint8Array = new Uint8Array(0);
  /** The object whose payload is arriving. */
  let filling: { readonly fields: Fields; readonly payload: Uint8Array; at: number } | undefined;

  const emit = (fields: Fields, payload: Uint8Array): void => {
    if (header === undefined) return;
    header.subgroup ??= fields.object;
    const { group, subgroup } = header;
    const { object, properties } = fields;
    events.onObject({ group, subgroup, object, properties, payload });
  };

  const begin = (fields: Fields): void => {
    if (isOver) throw new ProtocolError("an object after the end of its group");
    previous = fields.object;
    if (fields.length > 0) {
      filling = { fields, payload: new Uint8Array(fields.length), at: 0 };
    } else if (fields.status === ObjectStatus.normal) emit(fields, new Uint8Array(0));
    else isOver = true;
  };

  /** Takes what belongs to the payload and returns the rest. */
  const fill = (bytes: Uint8Array): Uint8Array => {
    if (filling === undefined) return bytes;
    const part = bytes.subarray(0, filling.payload.length - filling.at);
    filling.payload.set(part, filling.at);
    filling.at += part.length;
    if (filling.at === filling.payload.length) {
      const { fields, payload } = filling;
      filling = undefined;
      emit(fields, payload);
    }
    return bytes.subarray(part.length);
  };

  /** Reads the header or one object's fields, all of which are there. */
  const step = (reader: ByteReader): void => {
    if (header === undefined) {
      header = takeHeader(reader);
      events.onHeader(header);
    } else begin(takeFields(reader, (header.type & Bit.properties) !== 0, previous));
  };

  return {
    push(chunk) {
      let bytes = joined(rest, chunk);
      for (;;) {
        bytes = fill(bytes);
        const size = bytes.length === 0 ? undefined : sizeOfNext(bytes, header);
        if (size === undefined) break;
        step(byteReader(bytes.subarray(0, size)));
        bytes = bytes.subarray(size);
      }
      rest = bytes.slice();
    },
    finish() {
      if (filling !== undefined || rest.length > 0 || header === undefined) {
        throw new ProtocolError("a stream ended within an object");
      }
    },
  };
}

function takeHeader(reader: ByteReader): OpenHeader {
  const type = reader.varint();
  if (!isSubgroupType(type)) throw new ProtocolError(`stream type ${type} is no subgroup`);
  const alias = reader.varint();
  const group = reader.varint();
  const mode = type & Bit.subgroupIdMode;
  const subgroup = mode === IdMode.present ? reader.varint() : 0;
  const priority = (type & Bit.defaultPriority) === 0 ? reader.uint8() : undefined;
  const header = { type, alias, group, priority };
  return mode === IdMode.firstObject ? header : { ...header, subgroup };
}

function takeFields(reader: ByteReader, hasProperties: boolean, previous: number): Fields {
  const object = exact(previous + 1 + reader.varint());
  const properties = hasProperties ? decodeProperties(reader.prefixed()) : NO_PROPERTIES;
  const length = reader.varint();
  const status = length === 0 ? reader.varint() : ObjectStatus.normal;
  if (status !== ObjectStatus.normal) {
    if (status !== ObjectStatus.endOfGroup && status !== ObjectStatus.endOfTrack) {
      throw new ProtocolError(`object status ${status} is unknown`);
    }
    if (properties.size > 0) throw new ProtocolError("a status has properties");
  }
  return { object, properties, length, status };
}

/** Bytes that the header or the next object's fields take, once all of them are there. */
function sizeOfNext(bytes: Uint8Array, header: { readonly type: number } | undefined): number | undefined {
  const next = scanner(bytes);
  if (header === undefined) {
    const type = next.varint();
    if (type === undefined) return undefined;
    const hasId = (type & Bit.subgroupIdMode) === IdMode.present;
    for (let i = 0; i < (hasId ? 3 : 2); i += 1) next.varint();
    if ((type & Bit.defaultPriority) === 0) next.skip(1);
    return next.end();
  }
  next.varint();
  if ((header.type & Bit.properties) !== 0) {
    const length = next.varint() ?? 0;
    if (length > PROPERTIES_BYTES_MAX) throw new ProtocolError("properties are larger than 4 KiB");
    next.skip(length);
  }
  const length = next.varint();
  if (length !== undefined && length > PAYLOAD_BYTES_MAX) {
    throw new ProtocolError("an object is larger than 8 MiB");
  }
  if (length === 0) next.varint();
  return next.end();
}

/** Walks over fields that may not be there yet. */
function scanner(bytes: Uint8Array): {
  varint(): number | undefined;
  skip(length: number): void;
  end(): number | undefined;
} {
  let at = 0;
  const skip = (length: number): void => {
    at += length;
  };
  return {
    varint() {
      const first = bytes[at];
      if (first === undefined) {
        at = Number.POSITIVE_INFINITY;
        return undefined;
      }
      const from = at;
      skip(varintSizeOf(first));
      return at <= bytes.length ? varintAt(bytes, from) : undefined;
    },
    skip,
    end: () => (at <= bytes.length ? at : undefined),
  };
}
