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

test("a lost object is waited for until it would have to be heard", () => {
  const jitter = running(20);
  jitter.arrive(sound(21), arrival(21));
  assert.deepEqual(jitter.take(arrival(21) + 24), []);
  assert.equal(jitter.deadline(), arrival(21) + 25);
  assert.deepEqual(numbers(jitter.take(arrival(21) + 25)), [21]);
  jitter.arrive(sound(20), arrival(21) + 31);
  assert.deepEqual(jitter.take(arrival(21) + 31), []);
});

/** How long object 20 is waited for while what is played is so far behind it. */
function patience(behindMs: number): number {
  const jitter = running(20);
  jitter.steer({ capturedAt: sound(20).capturedAt - behindMs, at: arrival(20) }, arrival(20));
  jitter.arrive(sound(21), arrival(21));
  return (jitter.deadline() ?? 0) - arrival(21);
}

test("by what is being played a lost object has more time, or less", () => {
  assert.deepEqual([50, 90, 300].map(patience), [15, 55, 265]);
  assert.equal(patience(5_000), 400, "nothing is ever held longer than the longest delay");
  assert.equal(patience(10), 3, "its repeat may be in the same packet");
});

test("a repeat that is behind what is new in one packet is in time however little time is left", () => {
  const jitter = running(20);
  jitter.steer({ capturedAt: sound(20).capturedAt, at: arrival(20) }, arrival(20));
  jitter.arrive(sound(21), arrival(21));
  assert.deepEqual(jitter.take(arrival(21)), []);
  jitter.arrive(sound(20), arrival(21));
  assert.deepEqual(numbers(jitter.take(arrival(21))), [20, 21]);
});

test("while a faster session takes over, what only the slower one brings is waited for", () => {
  const jitter = running(100);
  const slower = (n: number): number => arrival(n) + 150;
  jitter.steer({ capturedAt: sound(100).capturedAt - 200, at: arrival(100) }, arrival(100));
  const arriving = Array.from({ length: 20 }, (_, i) => 100 + i)
    .flatMap((n) => (n < 108 ? [{ n, at: slower(n) }] : [{ n, at: arrival(n) }]))
    .toSorted((a, b) => a.at - b.at);
  const taken: EncodedSound[] = [];
  for (const { n, at } of arriving) {
    jitter.arrive(sound(n), at);
    taken.push(...jitter.take(at));
  }
  assert.deepEqual(numbers(taken), Array.from({ length: 20 }, (_, i) => 100 + i));
});

test("what is repeated of what has come changes nothing", () => {
  const [once, twice] = [running(300), createAudioJitter()];
  for (let n = 0; n < 300; n += 1) {
    assert.equal(twice.arrive(sound(n), arrival(n)), true);
    if (n > 0) assert.equal(twice.arrive(sound(n - 1), arrival(n)), false);
    twice.take(arrival(n));
  }
  assert.deepEqual(twice.steer(undefined, arrival(299)), once.steer(undefined, arrival(299)));
});

test("a repeat that came too late makes room for the next one, for fifteen seconds", () => {
  const jitter = running(300);
  const target = (afterMs: number): number => jitter.steer(undefined, arrival(300) + afterMs).targetMs;
  const before = target(0);
  jitter.arrive(sound(301), arrival(301));
  jitter.take(arrival(301) + 100);
  jitter.arrive(sound(300), arrival(303));
  assert.ok(target(100) >= 75 && before < 60, `${before} ms before, ${target(100)} ms then`);
  assert.ok(target(14_000) >= 75);
  assert.ok(target(16_000) < 60);
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

test("a device that was late holds more for half a minute, one that was asleep does not", () => {
  const jitter = running(100);
  const now = arrival(99);
  const target = () => jitter.steer(undefined, now).targetMs;
  const before = target();
  jitter.lag(24, now);
  jitter.lag(2_000, now);
  assert.equal(target(), before);
  jitter.lag(55, now + 50);
  assert.equal(target(), before + 30);
  const tell = (from: number, to: number) => {
    for (let at = from; at < to; at += 50) jitter.lag(3, now + at);
  };
  tell(100, 29_000);
  assert.equal(target(), before + 30);
  tell(29_000, 40_000);
  assert.equal(target(), before);
});
