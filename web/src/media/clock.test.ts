/** The capture clock: what late messages and wandering crystals must not do to timestamps. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { captureClock } from "./clock.ts";

/** Repeatable noise, 0 to 1. */
function noise(): () => number {
  let seed = 7;
  return () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
}

test("lateness of single arrivals does not shake the timestamps", () => {
  const clock = captureClock();
  const random = noise();
  let last = 0;
  for (let i = 0; i < 500; i += 1) {
    const at = clock(i * 20, 1_000_000 + i * 20 + random() * 30);
    if (i > 100) assert.ok(Math.abs(at - last - 20) < 1, `block ${i} is ${at - last} ms after the one before`);
    last = at;
  }
});

test("a crystal 100 ppm off stays within a few milliseconds of the wall for an hour", () => {
  const clock = captureClock();
  for (let i = 0; i < 3_600 * 50; i += 1) {
    const wall = 1_000_000 + i * 20;
    const at = clock(i * 20 * (1 - 100e-6), wall);
    assert.ok(Math.abs(at - wall) < 3, `${at - wall} ms off after ${i / 50} s`);
  }
});

test("after the computer slept the timestamps are those of the wall again, and rise", () => {
  const clock = captureClock();
  const before = clock(100, 5_000);
  const after = clock(120, 65_000);
  assert.ok(after > before);
  assert.equal(after, 65_000);
});

test("timestamps rise although a device's clock starts again", () => {
  const clock = captureClock();
  const before = clock(10_000, 50_000);
  assert.ok(clock(0, 50_020) > before);
});
