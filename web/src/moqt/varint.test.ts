/** The draft's table of integers, and what must hold for all of them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { ProtocolError } from "./codes.ts";
import { exact, putVarint, varintAt, varintLength, varintSizeOf } from "./varint.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

test("the draft's example encodings are read as it says", () => {
  const table: [string, number][] = [
    ["25", 37],
    ["8025", 37],
    ["bbbd", 15_293],
    ["ed7f3e7d", 226_442_877],
    ["faa1a0e403d8", 2_893_212_287_960],
    ["fc8998abc66bc0", 151_288_809_941_952],
  ];
  for (const [hex, value] of table) {
    assert.equal(varintSizeOf(bytes(hex)[0] ?? 0), hex.length / 2);
    assert.equal(varintAt(bytes(hex), 0), value);
  }
});

test("the draft's examples above 2^53 are refused where they must be exact", () => {
  for (const hex of ["fefa318fa8e3ca11", "ffffffffffffffffff"]) {
    assert.throws(() => exact(varintAt(bytes(hex), 0)), ProtocolError);
  }
});

test("the first byte alone tells the length", () => {
  const firsts = [0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xe0, 0xf0, 0xf8, 0xfc, 0xfe, 0xff];
  assert.deepEqual(firsts.map(varintSizeOf), [1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("each length begins where the draft's ranges do", () => {
  const lasts = [127, 16_383, 2_097_151, 268_435_455, 34_359_738_367, 4_398_046_511_103, 562_949_953_421_311];
  for (const [i, last] of lasts.entries()) {
    assert.equal(varintLength(last), i + 1);
    assert.equal(varintLength(last + 1), i + 2);
  }
});

test("every exact natural number comes back from the wire", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.nat(4), (value, at) => {
      const into = new Uint8Array(at + 9);
      const end = putVarint(into, at, value);
      assert.equal(end - at, varintLength(value));
      assert.equal(varintSizeOf(into[at] ?? 0), end - at);
      assert.equal(varintAt(into, at), value);
    }),
  );
});

test("what is no natural number is not written", () => {
  for (const value of [-1, 0.5, Number.NaN, 2 ** 53]) {
    assert.throws(() => varintLength(value), RangeError);
  }
});
