/** Reading and writing whole messages, with every length checked. */

import { ProtocolError } from "./codes.ts";
import { exact, putVarint, varintAt, varintSizeOf } from "./varint.ts";

export interface ByteReader {
  readonly left: number;
  /** The byte read last. */
  readonly last: number;
  uint8(): number;
  varint(): number;
  /** Like `varint`, but rounds above 2^53 instead of refusing. */
  roundedVarint(): number;
  /** A copy of the next `length` bytes. */
  bytes(length: number): Uint8Array;
  /** Bytes after their length. */
  prefixed(): Uint8Array;
}

export function byteReader(source: Uint8Array): ByteReader {
  let at = 0;
  const take = (length: number): number => {
    if (length > source.length - at) throw new ProtocolError("a field reaches past its end");
    at += length;
    return at - length;
  };
  const reader: ByteReader = {
    get left() {
      return source.length - at;
    },
    get last() {
      return source[at - 1] ?? 0;
    },
    uint8: () => source[take(1)] ?? 0,
    varint: () => exact(reader.roundedVarint()),
    roundedVarint() {
      const size = varintSizeOf(source[at] ?? 0);
      return varintAt(source, take(size));
    },
    bytes(length) {
      const from = take(length);
      return source.slice(from, from + length);
    },
    prefixed: () => reader.bytes(reader.varint()),
  };
  return reader;
}

export interface ByteWriter {
  uint8(value: number): void;
  varint(value: number): void;
  bytes(value: Uint8Array): void;
  prefixed(value: Uint8Array): void;
  /** What was written so far, as a copy. */
  written(): Uint8Array<ArrayBuffer>;
}

export function byteWriter(): ByteWriter {
  let buffer = new Uint8Array(64);
  let at = 0;
  const room = (length: number): void => {
    if (at + length <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, at + length));
    larger.set(buffer);
    buffer = larger;
  };
  const writer: ByteWriter = {
    uint8(value) {
      room(1);
      buffer[at] = value;
      at += 1;
    },
    varint(value) {
      room(9);
      at = putVarint(buffer, at, value);
    },
    bytes(value) {
      room(value.length);
      buffer.set(value, at);
      at += value.length;
    },
    prefixed(value) {
      writer.varint(value.length);
      writer.bytes(value);
    },
    written: () => buffer.slice(0, at),
  };
  return writer;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const utf8 = (text: string): Uint8Array => encoder.encode(text);
/** Broken sequences become U+FFFD: names and reasons are compared or shown, never trusted. */
export const text = (bytes: Uint8Array): string => decoder.decode(bytes);

/** Both, one behind the other. */
export function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
