/** Tests of what pictures cost. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createLoadMeter, createStays } from "./load.ts";

test("load is that of the time since the last look, and sleep is no lateness", () => {
  const meter = createLoadMeter(0);
  for (const now of [20, 40, 60]) meter.beat(now);
  for (const ms of [10, 30]) meter.decoded(ms);
  assert.deepEqual(meter.take(), { decodeMs: 20, beatMs: 20 });
  meter.beat(10_000);
  assert.deepEqual(meter.take(), { decodeMs: undefined, beatMs: 0 });
  meter.beat(10_100);
  assert.deepEqual(meter.take(), { decodeMs: undefined, beatMs: 100 });
});

test("a frame's stay is known once, and frames that never come out are forgotten", () => {
  const stays = createStays();
  stays.enter(1, 100);
  assert.equal(stays.leave(1, 130), 30);
  assert.equal(stays.leave(1, 140), undefined);
  for (let timestamp = 0; timestamp < 40; timestamp += 1) stays.enter(timestamp, timestamp);
  assert.equal(stays.leave(7, 100), undefined);
  assert.equal(stays.leave(8, 100), 92);
});
