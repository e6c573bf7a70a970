/** Objects in datagrams: every type of the draft, identity, and that no bytes do more than end the session. */

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { ProtocolError } from "./codes.ts";
import { decodeDatagram, encodeDatagram, type Datagram } from "./datagram.ts";
import type { Properties } from "./types.ts";

const decode = (...bytes: number[]): Datagram | undefined => decodeDatagram(Uint8Array.from(bytes));
/** What the draft's table says of a type. */
const isValid = (type: number): boolean => type < 0x30 && (type & 0x10) === 0 && (type & 0x22) !== 0x22;

test("each type says which fields follow, and the others are refused", () => {
  for (let type = 0; type < 0x80; type += 1) {
    const has = (bit: number): boolean => (type & bit) !== 0;
    const fields = [
      7,
      9,
      ...(has(0x04) ? [] : [5]),
      ...(has(0x08) ? [] : [200]),
      ...(has(0x01) ? [2, 0x10, 3] : []),
      ...(has(0x20) ? [0] : [0x61, 0x62]),
    ];
    if (!isValid(type)) {
      assert.throws(() => decode(type, ...fields), ProtocolError, `type ${type}`);
      continue;
    }
    assert.deepEqual(
      decode(type, ...fields),
      {
        alias: 7,
        group: 9,
        object: has(0x04) ? 0 : 5,
        priority: has(0x08) ? undefined : 200,
        isEndOfGroup: has(0x02),
        status: 0,
        properties: has(0x01) ? new Map([[0x10, 3]]) : new Map(),
        payload: has(0x20) ? new Uint8Array(0) : Uint8Array.of(0x61, 0x62),
      },
      `type ${type}`,
    );
  }
});

test("the ends of groups and tracks are statuses, alone", () => {
  assert.equal(decode(0x28, 1, 2, 3, 3)?.status, 0x3);
  assert.equal(decode(0x2c, 1, 2, 4)?.status, 0x4);
});

test("padding is no object", () => {
  assert.equal(decode(0xf0, 0x13, 0x2b, 0x3e, 0x29, 0, 0, 0), undefined);
});

test("what the draft forbids in a datagram is a violation", () => {
  const forbidden: readonly (readonly [string, readonly number[]])[] = [
    ["nothing", []],
    ["no group", [0x08, 1]],
    ["no object", [0x08, 1, 2]],
    ["no priority", [0x04, 1, 2]],
    ["no status", [0x2c, 1, 2]],
    ["an unknown status", [0x2c, 1, 2, 1]],
    ["a status with properties", [0x2d, 1, 2, 2, 0x10, 3, 3]],
    ["a status with a payload", [0x2c, 1, 2, 3, 0x61]],
    ["properties of no length", [0x0d, 1, 2, 0, 0x61]],
    ["properties beyond its end", [0x0d, 1, 2, 9, 0x10, 3]],
    ["properties beyond their bound", [0x0d, 1, 2, 0xd0, 0x00, 0x01, 0x10, 3]],
    ["a pair that is cut", [0x0d, 1, 2, 1, 0x10, 3]],
  ];
  for (const [what, bytes] of forbidden) assert.throws(() => decode(...bytes), ProtocolError, what);
});

const property = fc.oneof(
  fc.tuple(fc.nat(5000).map((type) => type * 2), fc.maxSafeNat()),
  fc.tuple(fc.nat(5000).map((type) => type * 2 + 1), fc.uint8Array({ maxLength: 40 })),
);
const properties: fc.Arbitrary<Properties> = fc
  .array(property, { maxLength: 5 })
  .map((pairs) => new Map<number, number | Uint8Array>(pairs.toSorted(([a], [b]) => a - b)));
const place = {
  alias: fc.maxSafeNat(),
  group: fc.maxSafeNat(),
  object: fc.oneof(fc.nat(3), fc.maxSafeNat()),
  priority: fc.option(fc.nat(255), { nil: undefined }),
};
const normal: fc.Arbitrary<Datagram> = fc.record({
  ...place,
  isEndOfGroup: fc.boolean(),
  status: fc.constant(0),
  properties,
  payload: fc.uint8Array({ maxLength: 300 }),
});
const ends: fc.Arbitrary<Datagram> = fc.record({
  ...place,
  isEndOfGroup: fc.constant(false),
  status: fc.constantFrom(0x3, 0x4),
  properties: fc.constant(new Map()),
  payload: fc.constant(new Uint8Array(0)),
});

test("every object comes out of its datagram as it went in", () => {
  fc.assert(
    fc.property(fc.oneof(normal, ends), (datagram) => {
      assert.deepEqual(decodeDatagram(encodeDatagram(datagram)), { ...datagram });
    }),
  );
});

test("an object of speech has at most sixteen bytes beside payload and properties", () => {
  const properties16 = new Map([[0x0c, 0x80 | 30], [0x10, 1_795_000_000_000_000]]);
  const datagram = { alias: 300, group: 1_795_000_000_000, object: 49, priority: undefined, isEndOfGroup: false, status: 0 };
  const bytes = encodeDatagram({ ...datagram, properties: properties16, payload: new Uint8Array(80) });
  assert.ok(bytes.length - 80 - 13 <= 16, `${bytes.length}`);
});

test("no bytes at all make the decoder fail in any other way than by a violation", () => {
  const type = fc.oneof(fc.nat(0x2f), fc.nat(255));
  fc.assert(
    fc.property(type, fc.uint8Array({ maxLength: 60 }), (first, rest) => {
      try {
        decode(first, ...rest);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});
