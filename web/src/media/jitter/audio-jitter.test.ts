/** A voice between arrival and decoder: order, the live edge, and the playhead. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createAudioJitter, type EncodedSound } from "./audio-jitter.ts";

/** The publisher's clock is 5 s ahead of ours. */
const AHEAD = 5_000;
/** The n-th block of 20 ms; 50 a group. */
const sound = (n: number): EncodedSound => ({
  group: Math.floor(n / 50),
  object: n % 50,
  capturedAt: 100_000 + AHEAD + n * 20,
  payload: new Uint8Array(80),
});
/** When block n arrives on a line of 30 ms. */
const arrival = (n: number): number => 100_000 + n * 20 + 30;
const numbers = (sounds: readonly EncodedSound[]): number[] => sounds.map((each) => each.group * 50 + each.object);

/** A voice that has been playing since block 0 and up to `count`. */
function running(count: number) {
  const jitter = createAudioJitter();
  for (let n = 0; n < count; n += 1) {
    jitter.arrive(sound(n), arrival(n));
    jitter.take(arrival(n));
  }
  return jitter;
}

test("a late joiner hears the live edge, not the last second", () => {
  const jitter = createAudioJitter();
  for (let n = 0; n < 40; n += 1) jitter.arrive(sound(n), arrival(40) + n * 0.1);
  assert.deepEqual(jitter.take(arrival(40) + 5), []);
  const due = jitter.deadline() ?? 0;
  assert.deepEqual(numbers(jitter.take(due)), [37, 38, 39]);
});

test("objects of a new group wait for the rest of the old one", () => {
  const jitter = running(49);
  jitter.arrive(sound(50), arrival(50));
  assert.deepEqual(jitter.take(arrival(50)), []);
  jitter.arrive(sound(49), arrival(50) + 10);
  assert.deepEqual(numbers(jitter.take(arrival(50) + 10)), [49, 50]);
});

test("a lost object is waited for only as long as nobody hears it", () => {
  const jitter = running(20);
  jitter.arrive(sound(21), arrival(21));
  assert.deepEqual(jitter.take(arrival(21) + 29), []);
  assert.equal(jitter.deadline(), arrival(21) + 30);
  assert.deepEqual(numbers(jitter.take(arrival(21) + 30)), [21]);
  jitter.arrive(sound(20), arrival(21) + 31);
  assert.deepEqual(jitter.take(arrival(21) + 31), []);
});

test("what a second session brings again is heard once, and does not pass for a slow line", () => {
  const jitter = running(90);
  const { targetMs } = jitter.steer(undefined, arrival(89));
  for (let n = 50; n < 90; n += 1) jitter.arrive(sound(n), arrival(90));
  assert.deepEqual(jitter.take(arrival(90)), []);
  jitter.arrive(sound(91), arrival(91));
  jitter.arrive(sound(91), arrival(91) + 5);
  jitter.arrive(sound(90), arrival(91) + 5);
  assert.deepEqual(numbers(jitter.take(arrival(91) + 5)), [90, 91]);
  assert.ok(jitter.steer(undefined, arrival(91)).targetMs <= targetMs + 5);
});

test("the playhead is kept the target behind the fastest arrival", () => {
  const jitter = running(100);
  const now = arrival(99);
  const { targetMs, rate } = jitter.steer(undefined, now);
  assert.equal(rate, 1);
  const wanted = now + AHEAD - 30 - targetMs;
  const at = (error: number) => jitter.steer({ capturedAt: wanted - error, at: now }, now);
  assert.equal(at(0).rate, 1);
  assert.equal(at(3).rate, 1);
  assert.ok(at(15).rate > 1 && at(15).rate <= 1.01);
  assert.ok(at(-15).rate < 1 && at(-15).rate >= 0.99);
  assert.equal(at(150).jumpTo, undefined);
  assert.equal(at(800).jumpTo, wanted);
});

test("two crystals 100 ppm apart never run dry and never pile up", () => {
  const jitter = createAudioJitter();
  let playhead = Number.NaN;
  let rate = 1;
  for (let n = 0; n < 50 * 600; n += 1) {
    const block = { ...sound(n), capturedAt: 100_000 + n * 20 };
    const now = 100_000 + n * 20 * (1 + 100e-6) + 30;
    jitter.arrive(block, now);
    jitter.take(now);
    playhead = Number.isNaN(playhead) ? block.capturedAt - 60 : playhead + 20 * (1 + 100e-6) * rate;
    const steering = jitter.steer({ capturedAt: playhead, at: now }, now);
    rate = steering.rate;
    assert.equal(steering.jumpTo, undefined);
    const depth = block.capturedAt - playhead;
    assert.ok(depth > 15 && depth < 120, `${depth} ms deep after ${n / 50} s`);
  }
});

test("running dry makes the delay grow, quiet time makes it shrink", () => {
  const jitter = running(100);
  const now = arrival(99);
  const before = jitter.steer(undefined, now).targetMs;
  jitter.ranDry(now);
  jitter.ranDry(now);
  assert.equal(jitter.steer(undefined, now).targetMs, before + 40);
  assert.ok(jitter.steer(undefined, now + 20_000).targetMs < before + 1);
  for (let i = 0; i < 50; i += 1) jitter.ranDry(now);
  assert.ok(jitter.steer(undefined, now).targetMs <= 400);
});
