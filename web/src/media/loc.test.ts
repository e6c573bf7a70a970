/** LOC properties: ours are those of docs/protocol.md, theirs can do no harm. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { locProperties, readLoc } from "./loc.ts";

test("a capture time survives with its microseconds", () => {
  const capturedAt = 1_795_000_000_123.456;
  assert.equal(locProperties(capturedAt, {}).get(0x10), 1_795_000_000_123_456);
  assert.equal(readLoc(locProperties(capturedAt, {})).capturedAt, capturedAt);
});

test("the level is one byte of RFC 6464", () => {
  assert.equal(locProperties(0, { level: { dbov: 30, isVoice: true } }).get(0x0c), 0x80 | 30);
  assert.deepEqual(readLoc(locProperties(0, { level: { dbov: 127, isVoice: false } })).level, { dbov: 127, isVoice: false });
});

test("objects of publishers who do not tell are read all the same", () => {
  assert.deepEqual(readLoc(new Map()), { capturedAt: undefined, level: undefined, rendition: undefined });
  const odd = new Map<number, number | Uint8Array>([[0x10, new Uint8Array(4)], [0x0c, 4_000]]);
  assert.deepEqual(readLoc(odd), { capturedAt: undefined, level: undefined, rendition: undefined });
});

test("the rendition is a short name, and nothing else is taken for one", () => {
  assert.equal(readLoc(locProperties(0, { rendition: "mid" })).rendition, "mid");
  assert.equal(new TextDecoder().decode(locProperties(0, { rendition: "mid" }).get(0x4d53_0001) as Uint8Array), "mid");
  for (const odd of ["", "Mid", "<b>", "a".repeat(17)]) {
    const properties = new Map([[0x4d53_0001, new TextEncoder().encode(odd)]]);
    assert.equal(readLoc(properties).rendition, undefined);
  }
});
