/** The delay before playing: follows the line, whatever the two machines' clocks say. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createDelay } from "./delay.ts";

const SETTINGS = { startMs: 40, floorMs: 40, capMs: 400, shrinkMsPerSecond: 40, marginMs: 10 };
/** The other machine's clock is an hour ahead of ours. */
const AHEAD = 3_600_000;

/** A source of 30 frames/s; `transit` says how long the n-th is on its way. */
function play(seconds: number, transit: (n: number) => number) {
  const delay = createDelay(SETTINGS);
  for (let n = 0; n < seconds * 30; n += 1) {
    const capturedAt = 1_000_000 + (n * 1_000) / 30;
    delay.observe(capturedAt + AHEAD, capturedAt + transit(n));
  }
  return delay;
}

test("on a calm line the delay is the floor, whatever the clocks say", () => {
  const delay = play(5, () => 25);
  assert.equal(delay.targetMs(), 40);
  assert.equal(Math.round(delay.anchor() ?? 0), 25 - AHEAD);
  assert.equal(Math.round(delay.dueAt(2_000_000 + AHEAD) ?? 0), 2_000_000 + 25 + 40);
});

test("jitter is covered, up to the cap", () => {
  assert.ok(Math.abs(play(8, (n) => 25 + (n % 10) * 12).targetMs() - (108 + 10)) < 2);
  assert.equal(play(8, (n) => 25 + (n % 10) * 100).targetMs(), 400);
});

/** The delay this long after a bad time of 5 s. */
const after = (seconds: number): number =>
  play(5 + seconds, (n) => (n < 150 ? 25 + (n % 10) * 12 : 25)).targetMs();

test("when the line is calm again the delay shrinks slowly to the floor", () => {
  assert.ok(after(1) > 100);
  assert.ok(after(4.5) < 110 && after(4.5) > 40, `${after(4.5)}`);
  assert.equal(after(12), 40);
});

test("the backlog of a late join does not count as jitter", () => {
  const delay = play(3, (n) => (n < 60 ? 25 + ((60 - n) * 1_000) / 30 : 25));
  assert.equal(delay.targetMs(), 40);
});

test("a longer way is taken for the new normal after ten seconds", () => {
  const delay = play(25, (n) => (n < 150 ? 25 : 90));
  assert.equal(Math.round(delay.anchor() ?? 0), 90 - AHEAD);
});
