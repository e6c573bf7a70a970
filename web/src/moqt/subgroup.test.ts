/** Subgroup streams: the draft's examples, and identity over every way of cutting. */

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { ProtocolError } from "./codes.ts";
import { encodeObject, encodeSubgroupHeader, subgroupDecoder, type SubgroupHeader } from "./subgroup.ts";
import type { Properties, ReceivedObject } from "./types.ts";

interface Decoded {
  header: Pick<SubgroupHeader, "alias" | "group"> | undefined;
  objects: ReceivedObject[];
}

function decode(chunks: readonly Uint8Array[]): Decoded {
  const decoded: Decoded = { header: undefined, objects: [] };
  const decoder = subgroupDecoder({
    onHeader(header) {
      decoded.header = header;
    },
    onObject: (object) => decoded.objects.push(object),
  });
  for (const chunk of chunks) decoder.push(chunk);
  decoder.finish();
  return decoded;
}

const ascii = (text: string): number[] => [...Buffer.from(text, "ascii")];
const shown = (object: ReceivedObject): string => Buffer.from(object.payload).toString("ascii");

test("the draft's subgroup with an explicit ID and priority is read", () => {
  const stream = [0x14, 2, 0, 0, 0, 0, 4, ...ascii("abcd"), 0, 4, ...ascii("efgh")];
  const { header, objects } = decode([Uint8Array.from(stream)]);
  assert.equal(header?.alias, 2);
  assert.deepEqual(objects.map((object) => [object.group, object.subgroup, object.object, shown(object)]), [
    [0, 0, 0, "abcd"],
    [0, 0, 1, "efgh"],
  ]);
});

test("the draft's group whose first object has two properties is read", () => {
  const trace = ascii("traceID:123456");
  const pairs = [4, 0xf0, 0x82, 0x58, 0x55, 0x53, 73, trace.length, ...trace];
  const stream = [0x35, 2, 0, 0, 0, pairs.length, ...pairs, 4, ...ascii("abcd"), 0, 0, 4, ...ascii("efgh")];
  const { objects } = decode([Uint8Array.from(stream)]);
  assert.deepEqual(objects.map(shown), ["abcd", "efgh"]);
  assert.deepEqual([...(objects[0]?.properties ?? [])], [
    [4, 0x82585553],
    [77, Uint8Array.from(trace)],
  ]);
  assert.equal(objects[1]?.properties.size, 0);
});

test("a subgroup without its own ID is named by its first object", () => {
  const { objects } = decode([Uint8Array.from([0x32, 2, 9, 5, 1, 0x61, 0, 1, 0x62])]);
  assert.deepEqual(objects.map(({ subgroup, object }) => [subgroup, object]), [
    [5, 5],
    [5, 6],
  ]);
});

test("the end of a group is not given as an object, and nothing may follow it", () => {
  const ended = [0x30, 2, 0, 0, 1, 0x61, 0, 0, 3];
  assert.equal(decode([Uint8Array.from(ended)]).objects.length, 1);
  assert.throws(() => decode([Uint8Array.from([...ended, 0, 1, 0x62])]), ProtocolError);
});

test("a stream that ends within an object is a violation", () => {
  assert.throws(() => decode([Uint8Array.from([0x30, 2, 0, 0, 4, 0x61])]), ProtocolError);
  assert.throws(() => decode([Uint8Array.from([0x30, 2])]), ProtocolError);
});

test("an object or its properties beyond their bounds are refused before they arrive", () => {
  const payload = [0x30, 2, 0, 0, 0xf0, 0x01, 0, 0, 0];
  const properties = [0x31, 2, 0, 0, 0xd0, 0x00, 0x01];
  for (const stream of [payload, properties]) {
    const decoder = subgroupDecoder({ onHeader: () => undefined, onObject: () => undefined });
    assert.throws(() => decoder.push(Uint8Array.from(stream)), ProtocolError);
  }
});

const property = fc.oneof(
  fc.tuple(fc.nat(5000).map((type) => type * 2), fc.maxSafeNat()),
  fc.tuple(fc.nat(5000).map((type) => type * 2 + 1), fc.uint8Array({ maxLength: 40 })),
);
const properties: fc.Arbitrary<Properties> = fc
  .array(property, { maxLength: 5 })
  .map((pairs) => new Map<number, number | Uint8Array>(pairs));
const objects = fc.array(fc.record({ payload: fc.uint8Array({ maxLength: 300 }), properties }), { maxLength: 12 });
const header: fc.Arbitrary<SubgroupHeader> = fc.record({
  alias: fc.maxSafeNat(),
  group: fc.maxSafeNat(),
  subgroup: fc.nat(3),
  priority: fc.option(fc.nat(255), { nil: undefined }),
});

test("objects come out as they went in, wherever the stream is cut", () => {
  fc.assert(
    fc.property(header, objects, fc.array(fc.nat(), { maxLength: 20 }), (head, sent, cuts) => {
      const stream = Buffer.concat([
        encodeSubgroupHeader(head),
        ...sent.map((object) => encodeObject(object.payload, object.properties)),
      ]);
      const places = [...cuts.map((cut) => cut % (stream.length + 1)), stream.length].toSorted((a, b) => a - b);
      const chunks = places.map((end, i) => Uint8Array.from(stream.subarray(places[i - 1] ?? 0, end)));
      const decoded = decode(chunks);
      assert.deepEqual(decoded.header?.group, head.group);
      const { group, subgroup } = head;
      assert.deepEqual(
        decoded.objects,
        sent.map(({ payload, properties: pairs }, object) => {
          const sorted = new Map([...pairs].toSorted(([a], [b]) => a - b));
          return { group, subgroup, object, properties: sorted, payload };
        }),
      );
    }),
  );
});

test("one byte at a time is enough", () => {
  const stream = [
    ...encodeSubgroupHeader({ alias: 700, group: 1_795_000_000_000, subgroup: 2, priority: 7 }),
    ...encodeObject(new Uint8Array(200).fill(3), new Map([[0x10, 1_795_000_000_000_000]])),
    ...encodeObject(new Uint8Array(0), new Map()),
  ];
  const { objects: got } = decode(stream.map((byte) => Uint8Array.of(byte)));
  assert.deepEqual(got.map(({ payload }) => payload.length), [200, 0]);
  assert.equal(got[0]?.properties.get(0x10), 1_795_000_000_000_000);
});

test("no bytes at all make the decoder fail in any other way than by a violation", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }), (chunks) => {
      try {
        decode([Uint8Array.of(0x35), ...chunks]);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }),
  );
});
