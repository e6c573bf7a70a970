/** Control messages: identity through the wire, the draft's bounds, and bytes on paper. */

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { ProtocolError } from "./codes.ts";
import { decodeControl, encodeControl, frameAt, type ControlMessage, type SentMessage } from "./control.ts";
import { ParameterType, type Parameters } from "./parameters.ts";
import { decodePairs } from "./properties.ts";

function decode(frame: Uint8Array): ControlMessage {
  const size = frameAt(frame);
  assert.ok(size !== undefined && size.end === frame.length);
  return decodeControl(frame, size.head);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const namespace = fc.array(fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }), { maxLength: 6 });
const requestId = fc.maxSafeNat();
const parameters: fc.Arbitrary<Parameters> = fc.record({ priority: fc.nat(255), wait: fc.nat(), group: fc.nat() }).map(
  ({ priority, wait, group }) =>
    new Map<number, number | { group: number; object: number }>([
      [ParameterType.rendezvousTimeout, wait],
      [ParameterType.largestObject, { group, object: wait }],
      [ParameterType.subscriberPriority, priority],
    ]),
);
const none: Parameters = new Map();

const message: fc.Arbitrary<SentMessage> = fc.oneof(
  fc.record({ kind: fc.constant("subscribe" as const), requestId, namespace, track: fc.string(), parameters }),
  fc.record({ kind: fc.constant("publishNamespace" as const), requestId, namespace, parameters }),
  fc.record({ kind: fc.constant("subscribeNamespace" as const), requestId, namespace, parameters }),
  fc.record({
    kind: fc.constant("subscribeOk" as const),
    alias: fc.maxSafeNat(),
    parameters,
    properties: fc.constant(new Map<number, number | Uint8Array>([[2, 1000], [14, 160]])),
  }),
  fc.record({ kind: fc.constant("requestOk" as const), parameters }),
  fc.record({
    kind: fc.constant("requestError" as const),
    code: fc.nat(0x33),
    retryAfterMs: fc.option(fc.nat(), { nil: undefined }),
    reason: fc.string({ maxLength: 200 }),
  }),
  fc.record({ kind: fc.constant("requestUpdate" as const), requestId, parameters }),
  fc.record({
    kind: fc.constant("publishDone" as const),
    code: fc.nat(20),
    streamCount: fc.nat(),
    reason: fc.string({ maxLength: 200 }),
  }),
  fc.record({ kind: fc.constant("namespace" as const), suffix: namespace }),
  fc.record({ kind: fc.constant("namespaceDone" as const), suffix: namespace }),
);

test("every message comes back from the wire", () => {
  fc.assert(fc.property(message, (sent) => assert.deepEqual(decode(encodeControl(sent)), { ...sent })));
});

test("SUBSCRIBE looks as the draft draws it", () => {
  const frame = encodeControl({
    kind: "subscribe",
    requestId: 4,
    namespace: ["demo"],
    track: "state",
    parameters: new Map([
      [ParameterType.subscriberPriority, 16],
      [ParameterType.rendezvousTimeout, 10_000],
    ]),
  });
  assert.equal(hex(frame), "030013 04 01 04 64656d6f 05 7374617465 02 04a710 1c10".replaceAll(" ", ""));
});

test("SETUP begins with 0x2F00 and carries a token as it came", () => {
  const token = Uint8Array.from([3, 0, 0x61]);
  const frame = encodeControl({ kind: "setup", options: [[3, token], [7, Uint8Array.of(0x78)]] });
  assert.equal(hex(frame), "af00 0008 0303030061 040178".replaceAll(" ", ""));
});

test("a length that does not match the fields is a violation", () => {
  const frame = encodeControl({ kind: "requestOk", parameters: none });
  const longer = Uint8Array.from([...frame, 0]);
  longer[2] = 2;
  assert.throws(() => decode(longer), ProtocolError);
});

test("unknown messages and unknown or repeated parameters are violations", () => {
  assert.throws(() => decode(Uint8Array.of(0x3f, 0, 0)), ProtocolError);
  assert.throws(() => decode(Uint8Array.of(0x07, 0, 3, 1, 0x11, 0)), ProtocolError);
  assert.throws(() => decode(Uint8Array.of(0x07, 0, 5, 2, 0x10, 1, 0, 1)), ProtocolError);
});

test("namespaces over their bounds and empty fields are violations", () => {
  const fields = Array.from({ length: 33 }, () => "a");
  assert.throws(() => decode(encodeControl({ kind: "namespace", suffix: fields })), ProtocolError);
  assert.throws(() => decode(encodeControl({ kind: "namespace", suffix: ["a", ""] })), ProtocolError);
  assert.throws(() => decode(encodeControl({ kind: "namespace", suffix: ["a".repeat(4097)] })), ProtocolError);
});

test("a property type of 64 bits is passed over, and what follows is read", () => {
  // Type 2^63 + 1 with the bytes "x", then nothing known can follow; before it an ordinary pair.
  const pairs = decodePairs(Uint8Array.from([2, 5, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0x01, 1, 0x78]));
  assert.deepEqual(pairs, [[2, 5]]);
});

test("no bytes at all make the decoder fail in any other way than by a violation", () => {
  const types = fc.constantFrom(2, 3, 4, 5, 6, 7, 8, 0xb, 0xe, 0x10, 0x50, 0x1d, 0x16);
  fc.assert(
    fc.property(types, fc.uint8Array({ maxLength: 80 }), (type, payload) => {
      const frame = Uint8Array.from([type, 0, payload.length, ...payload]);
      try {
        decodeControl(frame, 3);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }),
  );
});
