/** Levels: a voice lights its ring, a fan does not. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { levelMeter, loudness, measureDbov } from "./level.ts";

const tone = (amplitude: number): Float32Array =>
  Float32Array.from({ length: 960 }, (_, i) => amplitude * Math.sin((i * 2 * Math.PI * 300) / 48_000));

test("levels are those of RFC 6464", () => {
  assert.equal(measureDbov(new Float32Array(960)), 127);
  assert.equal(measureDbov(new Float32Array(960).fill(1)), 0);
  assert.equal(measureDbov(tone(1)), 3);
  assert.equal(measureDbov(tone(0.1)), 23);
  assert.equal(measureDbov(new Float32Array(960).fill(4)), 0);
});

test("a voice goes on through the pause between two syllables, and ends", () => {
  const measure = levelMeter();
  assert.equal(measure(tone(0.1)).isVoice, true);
  const quiet = Array.from({ length: 30 }, () => measure(tone(0.001)).isVoice);
  assert.equal(quiet[5], true);
  assert.equal(quiet.at(-1), false);
});

test("noise of a quiet room is no voice and has no loudness", () => {
  const level = levelMeter()(tone(0.002));
  assert.equal(level.isVoice, false);
  assert.equal(loudness(level), 0);
  assert.ok(loudness({ dbov: 25, isVoice: true }) > 0.5);
  assert.ok(loudness({ dbov: 0, isVoice: true }) <= 1);
});
