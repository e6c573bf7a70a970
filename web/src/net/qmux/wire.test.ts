/** QUIC's table of integers, and that no record does more than end the session. */

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { decodeRecord, streamFrame } from "./frames.ts";
import { decodeParameters, encodeParameters, RECORD_BYTES_DEFAULT } from "./parameters.ts";
import { QmuxViolation, sizeOf, wireReader, written } from "./wire.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

test("the examples of RFC 9000 are read and written as it says", () => {
  const table: [string, bigint][] = [
    ["c2197c5eff14e88c", 151_288_809_941_952_652n],
    ["9d7f3e7d", 494_878_333n],
    ["7bbd", 15_293n],
    ["25", 37n],
  ];
  for (const [hex, value] of table) {
    assert.equal(wireReader(bytes(hex)).type(), value);
    assert.deepEqual(Buffer.from(written(value)).toString("hex"), hex);
  }
  assert.equal(wireReader(bytes("4025")).integer(), 37);
});

test("an integer that a number cannot hold is the largest it can", () => {
  assert.equal(wireReader(bytes("ffffffffffffffff")).integer(), Number.MAX_SAFE_INTEGER);
});

test("every integer comes back", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      const encoded = written(value);
      assert.equal(encoded.length, sizeOf(value));
      assert.equal(wireReader(encoded).integer(), value);
    }),
  );
});

test("every set of parameters comes back", () => {
  const size = fc.maxSafeNat();
  const record = fc.record({
    idleTimeoutMs: size,
    maxData: size,
    maxStreamDataBidiLocal: size,
    maxStreamDataBidiRemote: size,
    maxStreamDataUni: size,
    maxStreamsBidi: size,
    maxStreamsUni: size,
    maxDatagramFrameSize: size,
    maxRecordSize: fc.maxSafeNat().map((value) => Math.max(value, RECORD_BYTES_DEFAULT)),
  });
  fc.assert(
    fc.property(record, (parameters) => {
      assert.deepEqual(decodeParameters(encodeParameters(parameters)), { ...parameters });
    }),
  );
});

test("parameters that come twice, run over or promise too little are refused", () => {
  for (const hex of ["04010104010 1", "04020101", "0402", "80000571"].map((text) => text.replace(" ", ""))) {
    assert.throws(() => decodeParameters(bytes(hex)), QmuxViolation, hex);
  }
  const small = written(0x0571c59429cd0845n, 2, 1_000);
  assert.throws(() => decodeParameters(small), QmuxViolation);
});

test("any bytes are frames or a violation, and nothing else", () => {
  const start = fc.constantFrom(0x04, 0x05, 0x08, 0x0a, 0x0c, 0x0f, 0x11, 0x12, 0x15, 0x1c, 0x1d, 0x30, 0x31, 0xbf, 0xff);
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 40 }), (type, rest) => {
      try {
        decodeRecord(Uint8Array.of(type, ...rest));
      } catch (error) {
        assert.ok(error instanceof QmuxViolation, String(error));
      }
    }),
  );
});

test("padding and a stream frame without offset and length are read", () => {
  const record = Uint8Array.of(0, 0, 0x09, 3, 0x61, 0x62);
  const [frame, ...rest] = decodeRecord(record);
  assert.deepEqual(frame, { kind: "stream", id: 3, offset: undefined, data: Uint8Array.of(0x61, 0x62), isFinal: true });
  assert.deepEqual(rest, []);
  assert.deepEqual([...streamFrame(3, 0, Uint8Array.of(0x61), true)], [0x0f, 3, 0, 1, 0x61]);
});
