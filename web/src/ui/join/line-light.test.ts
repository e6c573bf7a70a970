/** The light before joining says what a person can do on their line. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { LineCheck } from "../../engine/check.ts";
import { lightOf } from "./line-light.ts";

const GOOD: LineCheck = { carrier: "webTransport", isBlocked: false, roundTripMs: 20, rates: { down: 8_000_000, up: 2_000_000 } };

test("each line has the light that says what it is good for", () => {
  assert.equal(lightOf(GOOD), "good");
  assert.equal(lightOf({ ...GOOD, carrier: "webSocket", isBlocked: true }), "good");
  assert.equal(lightOf({ ...GOOD, roundTripMs: 600 }), "fair");
  assert.equal(lightOf({ ...GOOD, rates: { down: 600_000, up: 2_000_000 } }), "fair");
  assert.equal(lightOf({ ...GOOD, rates: { down: 8_000_000, up: 200_000 } }), "fair");
  assert.equal(lightOf({ ...GOOD, rates: { down: 100_000, up: 200_000 } }), "poor");
  assert.equal(lightOf({ ...GOOD, rates: { down: 0, up: 0 } }), "poor");
  assert.equal(lightOf({ ...GOOD, carrier: null }), "none");
});

test("a server that is too busy to measure makes no line a bad one", () => {
  assert.equal(lightOf({ ...GOOD, rates: null }), "good");
});
