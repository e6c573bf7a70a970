/** Nobody comes or goes with a jump in what is heard. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { RAMP_MS, SILENT_MS, createRamp } from "./ramp.ts";

const RATE = 48_000;
const QUANTUM = 128;
const whole = Math.ceil((RAMP_MS * RATE) / 1_000 / QUANTUM);
const voice = new Float32Array(QUANTUM).fill(1);

/** What is heard of a steady voice within so many quanta. */
function heard(ramp: ReturnType<typeof createRamp>, quanta: number): number[] {
  const output = new Float32Array(quanta * QUANTUM);
  for (let at = 0; at < output.length; at += QUANTUM) ramp.mix(voice, output.subarray(at, at + QUANTUM));
  return [...output];
}

test("a voice that comes is at full strength after a fifth of a second, and never jumps", () => {
  const ramp = createRamp(RATE);
  ramp.rise();
  const samples = heard(ramp, whole + 1);
  assert.ok(ramp.isFull());
  assert.equal(samples.at(-1), 1);
  assert.ok(samples.every((sample, index) => Math.abs(sample - (samples[index - 1] ?? 0)) < 0.001));
});

test("a voice that goes is silent after a fifth of a second, also one that was about to come", () => {
  for (const quanta of [whole + 1, Math.floor(whole / 2)]) {
    const ramp = createRamp(RATE);
    ramp.rise();
    const before = heard(ramp, quanta);
    ramp.fall();
    const samples = heard(ramp, whole + 1);
    assert.ok(ramp.isSilent());
    assert.equal(samples.at(-1), 0);
    assert.ok(Math.abs((samples[0] ?? 0) - (before.at(-1) ?? 0)) < 0.001);
  }
});

test("who begins to speak after a silence is whole from the first syllable on", () => {
  const silence = Math.ceil((SILENT_MS * RATE) / 1_000 / QUANTUM);
  for (const [quanta, first] of [[silence, 1], [silence - 1, 0]] as const) {
    const ramp = createRamp(RATE);
    ramp.wait();
    for (let passed = 0; passed < quanta; passed += 1) ramp.pass(QUANTUM);
    ramp.rise();
    assert.equal(Math.round(heard(ramp, 1)[0] ?? 0), first);
    ramp.fall();
    heard(ramp, whole + 1);
    ramp.wait();
    ramp.rise();
    assert.ok((heard(ramp, 1)[0] ?? 1) < 0.001, "whoever has the place next is faded in");
  }
});

test("voices are added to what others say", () => {
  const ramp = createRamp(RATE);
  ramp.rise();
  heard(ramp, whole + 1);
  const output = new Float32Array(QUANTUM).fill(0.5);
  ramp.mix(voice, output);
  assert.equal(output[0], 1.5);
});
