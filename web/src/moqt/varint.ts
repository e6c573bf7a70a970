/**
 * The draft's variable-length integers: as many leading ones in the first byte as bytes follow.
 *
 * Numbers are JavaScript's, exact up to 2^53 - 1. The wire can carry 64 bits; larger values come
 * out rounded from `varintAt`, and whoever needs them exact must refuse them.
 */

import { ProtocolError } from "./codes.ts";

/** Length in bytes of the encoding that begins with `first`. */
export function varintSizeOf(first: number): number {
  return Math.min(Math.clz32(~(first << 24)), 8) + 1;
}

/** Bytes that the shortest encoding of `value` takes. Throws for what is no exact natural number. */
export function varintLength(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not encodable`);
  let length = 1;
  for (let limit = 128; value >= limit && length < 8; limit *= 128) length += 1;
  return length;
}

/** Writes `value` at `at` in its shortest form and returns the place behind it. */
export function putVarint(into: Uint8Array, at: number, value: number): number {
  const length = varintLength(value);
  let rest = value;
  for (let i = length - 1; i >= 0; i -= 1) {
    into[at + i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  const ones = (0xff << (9 - length)) & 0xff;
  into[at] = (into[at] ?? 0) | ones;
  return at + length;
}

/** Reads the number at `at`, whose bytes must all be there. Above 2^53 it is rounded. */
export function varintAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const size = varintSizeOf(first);
  let value = first & (0xff >> size);
  for (let i = 1; i < size; i += 1) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

/** `value` if it came out exact. */
export function exact(value: number): number {
  if (!Number.isSafeInteger(value)) throw new ProtocolError("a number above 2^53 is not supported");
  return value;
}
