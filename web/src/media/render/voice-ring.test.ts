/** The ring of a voice: what a listener hears when sound is late, lost or too early. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { limit } from "./limit.ts";
import { createVoiceRing, type VoiceRing } from "./voice-ring.ts";

const BLOCK = 960;
const START = 1_795_000_000_000;

/** A tone that goes on over blocks, `from` in samples. */
const tone = (from: number): Float32Array =>
  Float32Array.from({ length: BLOCK }, (_, i) => 0.5 * Math.sin(((from + i) * 2 * Math.PI * 250) / 48_000));

const write = (ring: VoiceRing, block: number): void => ring.write(START + block * 20, tone(block * BLOCK));

/** Mixes `ms` of sound at the ring's own rate. */
function listen(ring: VoiceRing, ms: number, step = 1): Float32Array {
  const output = new Float32Array(Math.round((ms * 48) / step));
  for (let i = 0; i < output.length; i += 128) ring.mixInto(output.subarray(i, i + 128), step);
  return output;
}

/** The sharpest bend: a tone of 250 Hz has under 0.001, a click much more. */
function sharpest(output: Float32Array): number {
  let worst = 0;
  for (let i = 2; i < output.length; i += 1) {
    const bend = (output[i] ?? 0) - 2 * (output[i - 1] ?? 0) + (output[i - 2] ?? 0);
    worst = Math.max(worst, Math.abs(bend));
  }
  return worst;
}
const CLICK = 0.03;
const peak = (output: Float32Array): number => output.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

test("a voice begins when enough is there, the target behind the newest", () => {
  const ring = createVoiceRing();
  ring.steer(1, 60);
  write(ring, 0);
  write(ring, 1);
  assert.equal(peak(listen(ring, 20)), 0);
  write(ring, 2);
  assert.ok(peak(listen(ring, 20)) > 0.4);
  assert.ok(Math.abs(ring.playheadMs() - (START + 20)) < 0.1);
  assert.equal(ring.takeGapMs(), 0);
});

test("an even voice is played without seam at any rate of the loudspeaker", () => {
  for (const step of [1, 48 / 44.1, 0.5]) {
    const ring = createVoiceRing();
    for (let block = 0; block < 4; block += 1) write(ring, block);
    const output: number[] = [];
    for (let block = 4; block < 100; block += 1) {
      output.push(...listen(ring, 20, step));
      write(ring, block);
    }
    assert.ok(sharpest(Float32Array.from(output.slice(200))) < 0.005, `step ${step}`);
    assert.equal(ring.dryCount(), 0);
  }
});

test("running dry fades out, counts once, and sound that comes back is faded in", () => {
  const ring = createVoiceRing();
  for (let block = 0; block < 4; block += 1) write(ring, block);
  const before = listen(ring, 200);
  assert.ok(sharpest(before.subarray(200)) < CLICK, `bend ${sharpest(before)}`);
  assert.equal(peak(before.subarray(before.length - 4_800)), 0);
  assert.equal(ring.dryCount(), 1);
  assert.ok(Number.isNaN(ring.playheadMs()));
  for (let block = 4; block < 8; block += 1) write(ring, block);
  const after = listen(ring, 40);
  assert.ok(peak(after) > 0.4);
  assert.ok(sharpest(after) < CLICK, `bend ${sharpest(after)}`);
  assert.ok(Math.abs(ring.takeGapMs() - 120) < 5);
  assert.ok(ring.takeGapMs() < 1);
});

test("sound that is a little late is blended into the fading tail", () => {
  const ring = createVoiceRing();
  for (let block = 0; block < 4; block += 1) write(ring, block);
  const first = listen(ring, 86);
  write(ring, 4);
  write(ring, 5);
  const second = listen(ring, 30);
  const joined = Float32Array.from([...first, ...second]).subarray(200);
  assert.equal(ring.dryCount(), 1);
  assert.ok(sharpest(joined) < CLICK, `bend ${sharpest(joined)}`);
});

test("a lost object is a breath, not a click, and counts as a gap", () => {
  const ring = createVoiceRing();
  for (const block of [0, 1, 2, 3, 5, 6, 7]) write(ring, block);
  const output = listen(ring, 140);
  assert.ok(sharpest(output.subarray(200)) < CLICK, `bend ${sharpest(output)}`);
  assert.equal(Math.round(ring.takeGapMs()), 20);
});

test("blocks whose timestamps wander by a millisecond follow each other", () => {
  const ring = createVoiceRing();
  for (let block = 0; block < 20; block += 1) {
    ring.write(START + block * 20 + (block % 3) - 1, tone(block * BLOCK));
  }
  assert.equal(ring.takeGapMs(), 0);
  assert.ok(sharpest(listen(ring, 300).subarray(200)) < 0.005);
});

test("a jump to what is newest, or beyond it, is no click either", () => {
  for (const aheadMs of [0, -1, 5]) {
    const ring = createVoiceRing();
    for (let block = 0; block < 60; block += 1) write(ring, block);
    const before = listen(ring, 11);
    // From a crest of the tone to a trough.
    ring.jump(START + 60 * 20 + aheadMs);
    const joined = Float32Array.from([...before, ...listen(ring, 60)]).subarray(200);
    assert.ok(sharpest(joined) < CLICK, `${aheadMs} ms: bend ${sharpest(joined)}`);
  }
});

test("a jump lands where it was sent, without a click", () => {
  const ring = createVoiceRing();
  for (let block = 0; block < 60; block += 1) write(ring, block);
  const before = listen(ring, 10);
  ring.jump(START + 300);
  const after = listen(ring, 10);
  assert.ok(Math.abs(ring.playheadMs() - (START + 310)) < 0.1);
  assert.ok(sharpest(Float32Array.from([...before.subarray(200), ...after])) < CLICK);
});

test("nonsense of a publisher's clock does not break the ring", () => {
  const ring = createVoiceRing();
  for (const capturedAt of [START, 0, 9e15, START - 1e6, START + 5_000, Number.MAX_SAFE_INTEGER]) {
    ring.write(capturedAt, tone(0));
    assert.ok(listen(ring, 20).every((sample) => Math.abs(sample) <= 1));
  }
  for (let block = 0; block < 10; block += 1) write(ring, block);
  assert.ok(peak(listen(ring, 40)) > 0.4);
});

test("twenty voices at once stay below full scale", () => {
  const output = Float32Array.from({ length: 128 }, (_, i) => 10 * Math.sin(i));
  limit(output);
  assert.ok(peak(output) <= 1);
  const one = Float32Array.from([0.5, -0.5]);
  limit(one);
  assert.deepEqual([...one], [0.5, -0.5]);
});
