/** A timer shows the same to everyone, whatever their own clock says. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { timer } from "./parse-timer.ts";
import { refineClock, setClock } from "./room-clock.ts";
import { digits, readTimer } from "./timer.ts";

const countdown = { form: { kind: "countdown", seconds: 300 }, clock: { kind: "runs", zeroAt: 1_000_000 } } as const;

test("a countdown begins with all of its time and is over at its end, not a second before", () => {
  assert.deepEqual(readTimer(countdown, 700_000), { stage: "runs", seconds: 300, changesInMs: 1_000, overMs: 0 });
  assert.deepEqual(readTimer(countdown, 700_400), { stage: "runs", seconds: 300, changesInMs: 600, overMs: 0 });
  assert.equal(readTimer(countdown, 989_999).stage, "runs");
  assert.equal(readTimer(countdown, 990_000).stage, "last");
  assert.deepEqual(readTimer(countdown, 999_999), { stage: "last", seconds: 1, changesInMs: 1, overMs: 0 });
  assert.deepEqual(readTimer(countdown, 1_000_000), { stage: "over", seconds: 0, changesInMs: 60_000, overMs: 0 });
  assert.equal(readTimer(countdown, 1_060_000).changesInMs, null, "nobody waits for what does not change");
});

test("a stopwatch counts whole seconds, and what is paused stands still", () => {
  const form = { kind: "stopwatch" } as const;
  assert.deepEqual(readTimer({ form, clock: { kind: "runs", zeroAt: 0 } }, 61_999), { stage: "runs", seconds: 61, changesInMs: 1, overMs: 0 });
  assert.equal(readTimer({ form, clock: { kind: "runs", zeroAt: 5_000 } }, 1_000).seconds, 0, "a clock behind shows no time before the start");
  const paused = { ...countdown, clock: { kind: "paused", showsMs: 40_100 } } as const;
  assert.deepEqual([readTimer(paused, 0), readTimer(paused, 9_000_000)].map(({ seconds }) => seconds), [41, 41]);
});

test("what came late does not put the clock back", () => {
  let clock = setClock(null, 10_000, 1_000);
  clock = setClock(clock, 10_000, 5_000);
  assert.equal(clock, 9_000);
  assert.equal(setClock(clock, 20_000, 6_000), 14_000, "a page that slept learns how long");
  assert.equal(refineClock(clock, 20_000, 6_000), 14_000);
  assert.equal(refineClock(null, 10_000, 1_000), null, "an event may be long past");
});

test("digits are read at a glance", () => {
  assert.deepEqual([0, 9, 60, 899, 3_600, 10_799].map(digits), ["0:00", "0:09", "1:00", "14:59", "1:00:00", "2:59:59"]);
});

test("what no room of ours says is no timer", () => {
  assert.deepEqual(timer(countdown), countdown);
  assert.equal(timer(null), null);
  assert.equal(timer({ ...countdown, clock: { kind: "runs", zeroAt: "soon" } }), null);
  assert.equal(timer({ ...countdown, form: { kind: "sundial" } }), null);
});
