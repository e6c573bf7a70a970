/** Key-value pairs: properties of tracks and objects, and the options of SETUP. */

import { byteReader, byteWriter, type ByteReader } from "./bytes.ts";
import { ProtocolError } from "./codes.ts";
import type { Properties } from "./types.ts";

/** The draft's limit for one value. */
const VALUE_BYTES_MAX = 0xffff;

/** Far more than an object of ours has; the relay's bound too. */
export const PROPERTIES_BYTES_MAX = 4096;

export const NO_PROPERTIES: Properties = new Map();

export type KeyValue = readonly [type: number, value: number | Uint8Array];

/** Pairs in ascending order of type, each type as the distance from the one before. */
export function encodePairs(pairs: Iterable<KeyValue>): Uint8Array<ArrayBuffer> {
  const writer = byteWriter();
  let previous = 0;
  for (const [type, value] of [...pairs].toSorted(([a], [b]) => a - b)) {
    writer.varint(type - previous);
    previous = type;
    if (typeof value === "number" && type % 2 === 0) writer.varint(value);
    else if (typeof value !== "number" && type % 2 === 1) writer.prefixed(value);
    else throw new RangeError(`property ${type}: even types are numbers, odd types are bytes`);
  }
  return writer.written();
}

/**
 * Unknown types are kept. Types and numbers above 2^53 are nobody's here and are passed over, as the
 * draft asks for unknown ones.
 */
export function decodePairs(bytes: Uint8Array): KeyValue[] {
  const reader = byteReader(bytes);
  const pairs: KeyValue[] = [];
  let type = 0;
  let odd = false;
  while (reader.left > 0) {
    type += reader.roundedVarint();
    if (type > 2 ** 64) throw new ProtocolError("a property type overflows");
    // Rounding would lose the parity of large types, and with it how to go on.
    if (reader.last % 2 === 1) odd = !odd;
    const value = odd ? valueBytes(reader) : reader.roundedVarint();
    const known = Number.isSafeInteger(type) && (odd || Number.isSafeInteger(value));
    if (known) pairs.push([type, value]);
  }
  return pairs;
}

function valueBytes(reader: ByteReader): Uint8Array {
  const length = reader.varint();
  if (length > VALUE_BYTES_MAX) throw new ProtocolError("a property is longer than 65,535 bytes");
  return reader.bytes(length);
}

export const encodeProperties = (properties: Properties): Uint8Array<ArrayBuffer> =>
  encodePairs(properties);

export const decodeProperties = (bytes: Uint8Array): Properties =>
  bytes.length === 0 ? NO_PROPERTIES : new Map(decodePairs(bytes));

/** Track properties that a receiver must understand or leave the track alone. */
export const isMandatory = (type: number): boolean => type >= 0x4000 && type <= 0x7fff;
