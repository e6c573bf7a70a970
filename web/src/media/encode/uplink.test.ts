/** What of a camera is given up on a slow line, and when it comes back. */

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { decide, limits, moved, OPEN_UPLINK, type Rung, type Uplink } from "./uplink.ts";

/** A camera's. */
const PATIENCE_MS = 500;

const TICK_MS = 50;

/** Lets `ms` pass with what waits in each rendition, lowest first; undefined: nobody wants it. */
function pass(from: { state: Uplink; now: number }, ms: number, waiting: readonly (number | undefined)[], rung: Partial<Rung> = {}) {
  let { state, now } = from;
  const cuts: number[] = [];
  for (const end = now + ms; now < end; ) {
    now += TICK_MS;
    const before = state.cut;
    const rungs: Rung[] = waiting.map((waitingMs) => ({ isLate: false, layers: 3, ...rung, waitingMs }));
    state = decide(state, now, rungs, PATIENCE_MS);
    if (state.cut !== before) cuts.push(now - from.now);
  }
  return { state, now, cuts };
}
const begin = { state: OPEN_UPLINK, now: 10_000 };

test("a key frame that fills the line for a moment costs nothing", () => {
  const after = pass(pass(begin, 450, [0, 0, 400]), 450, [0, 0, 0]);
  assert.deepEqual(limits(after.state, 3), [3, 3, 3]);
});

test("the highest rendition loses its enhancement layers, then itself, then it is the next one's turn", () => {
  const sent: string[] = [];
  let at: { state: Uplink; now: number } = begin;
  for (let step = 0; step < 12; step += 1) {
    at = pass(at, 2_500, [200, 200, 200, 200]);
    sent.push(limits(at.state, 4).join(""));
  }
  const whole = ["3332", "3331", "3330", "3320", "3310", "3300"];
  assert.deepEqual(sent, [...whole, "3200", "3100", "3000", "2000", "1000", "1000"]);
});

test("a processor that is too slow is freed of a whole rendition with each step, the highest first", () => {
  const sent: string[] = [];
  let at: { state: Uplink; now: number } = begin;
  for (let step = 0; step < 5; step += 1) {
    at = pass(at, 2_500, [0, 600, 600, 600], { isLate: true });
    sent.push(limits(at.state, 4).join(""));
  }
  assert.deepEqual(sent, ["3330", "3300", "3000", "1000", "1000"]);
  // Nobody subscribes to the two highest.
  const passed = pass(begin, 600, [0, 600, undefined, undefined], { isLate: true });
  assert.deepEqual(limits(passed.state, 4), [3, 0, 0, 0]);
});

test("what nobody subscribes to is passed over", () => {
  const after = pass(begin, 600, [undefined, 200, undefined]);
  assert.deepEqual(limits(after.state, 3), [3, 2, 0]);
});

test("a rendition without layers is given up as a whole", () => {
  const after = pass(begin, 600, [0, 200], { layers: 1 });
  assert.deepEqual(limits(after.state, 2), [3, 0]);
});

test("what was given up comes back after four seconds, and after eight when that failed, and after sixteen", () => {
  const first = pass(begin, 550, [0, 0, 300]);
  assert.equal(first.state.cut, 1);
  const raised = pass(first, 4_100, [0, 0, 0]);
  assert.deepEqual([raised.state.cut, raised.cuts.length], [0, 1]);
  const second = pass(raised, 3_000, [0, 0, 300]);
  assert.ok(second.state.cut > 0);
  assert.deepEqual(pass(second, 7_900, [0, 0, 0]).cuts, []);
  const again = pass(second, 8_100, [0, 0, 0]);
  assert.equal(again.cuts.length, 1);
  const third = pass(again, 600, [0, 0, 300]);
  assert.deepEqual(pass(third, 15_900, [0, 0, 0]).cuts, []);
  assert.equal(pass(third, 16_100, [0, 0, 0]).cuts.length, 1);
});

test("a step that held is no failure: the next one waits four seconds again", () => {
  const held = pass(pass(pass(begin, 550, [0, 0, 300]), 4_100, [0, 0, 0]), 20_000, [0, 0, 0]);
  const after = pass(held, 550, [0, 0, 300]);
  assert.equal(after.state.backoffMs, 4_000);
});

test("a rendition that is off is tried again although nobody can subscribe to it", () => {
  const off = pass(begin, 6_000, [0, 0, 300]);
  assert.deepEqual(limits(off.state, 3).at(-1), 0);
  const back = pass(off, 4_100, [0, 0, undefined]);
  assert.deepEqual(limits(back.state, 3).at(-1), 1);
});

test("a line that hovers between full and clear is full", () => {
  let at: { state: Uplink; now: number } = begin;
  for (let i = 0; i < 6; i += 1) at = pass(pass(at, 50, [0, 0, 160]), 50, [0, 0, 110]);
  assert.ok(at.state.cut > 0);
});

test("another camera is sent in the same renditions", () => {
  const { state } = pass(begin, 9_000, [0, 200, 200]);
  const sent = limits(state, 3);
  assert.deepEqual(limits(moved(state, 3, 2), 2), sent.slice(0, 2));
  assert.deepEqual(moved(OPEN_UPLINK, 2, 3), OPEN_UPLINK);
});

test("the lowest base layer is always sent, and a calm line ends with everything", () => {
  const waiting = fc.array(fc.tuple(fc.nat(3_000), fc.array(fc.option(fc.nat(500), { nil: undefined }), { minLength: 4, maxLength: 4 })), { maxLength: 30 });
  fc.assert(
    fc.property(waiting, (steps) => {
      let at: { state: Uplink; now: number } = begin;
      for (const [ms, rungs] of steps) {
        at = pass(at, ms, rungs);
        const sent = limits(at.state, 4);
        assert.ok((sent[0] ?? 0) >= 1);
        assert.ok(sent.every((layers, index) => index === 0 || layers <= (sent[index - 1] ?? 0)));
      }
      assert.deepEqual(limits(pass(at, 250_000, [0, 0, 0, 0]).state, 4), [3, 3, 3, 3]);
    }),
    { numRuns: 50 },
  );
});
