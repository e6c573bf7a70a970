/** What a listener heard is told rightly: delays, gaps, jumps and stretched speech of known size are found again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { listen } from "./ear.mjs";
import { samples } from "./tape.mjs";

const RATE = 48_000;
const MS = RATE / 1_000;
const BEGAN = 1_700_000_000_000;
const TAPE = samples();

/** Both devices count from the same moment on. */
const marksOf = (count) => Array.from({ length: Math.ceil(count / 2_048) }, (_, mark) => [mark * 2_048, BEGAN + (mark * 2_048) / MS]);

/** Five seconds in which `soundAt` says which ms of the tape is heard in each ms; undefined is silence. */
function heard(soundAt) {
  const recorded = new Int16Array(5_000 * MS);
  for (let at = 0; at < recorded.length; at += 1) {
    const from = soundAt(at / MS);
    if (from >= 0) recorded[at] = TAPE[Math.floor(from * MS) % TAPE.length];
  }
  const marks = marksOf(recorded.length);
  return listen({ rate: RATE, began: 0, marks }, { rate: RATE, marks, samples: recorded });
}

const median = (delays) => delays.map(([, delay]) => delay).toSorted((a, b) => a - b)[delays.length >> 1];
const near = (found, expected) => assert.ok(Math.abs(found - expected) <= 10, `${found} instead of ${expected}`);

test("a steady delay is found, and no gap", () => {
  const { delays, gaps } = heard((at) => at - 240);
  assert.deepEqual(gaps, []);
  near(median(delays), 240);
});

test("a frame that is lost is a gap of its length", () => {
  const { gaps } = heard((at) => (at >= 2_000 && at < 2_020 ? undefined : at - 100));
  assert.equal(gaps.length, 1);
  near(gaps[0][0], BEGAN + 2_000);
  near(gaps[0][1], 20);
});

test("what is waited for is a gap, behind which all is heard later", () => {
  const { delays, gaps } = heard((at) => (at < 2_000 ? at - 100 : at < 2_300 ? undefined : at - 400));
  assert.equal(gaps.length, 1);
  near(gaps[0][1], 300);
  near(delays.at(-1)[1], 400);
});

test("what is left out is a gap, though it is never silent", () => {
  const { delays, gaps } = heard((at) => (at < 2_000 ? at - 600 : at - 100));
  assert.equal(gaps.length, 1);
  near(gaps[0][1], 500);
  near(delays.at(-1)[1], 100);
});

test("the last tones again, backwards and fading, are not what was said", () => {
  const { gaps } = heard((at) => (at >= 2_000 && at < 2_060 ? 1_900 - (at - 2_000) : at - 100));
  assert.equal(gaps.length, 1);
  assert.ok(gaps[0][1] >= 40 && gaps[0][1] <= 70, `${gaps[0][1]} ms`);
});

test("speech that is played slower or faster is heard without a gap", () => {
  for (const speed of [0.9, 1.025]) {
    const { delays, gaps } = heard((at) => (at < 2_000 ? at - 300 : at < 3_000 ? 1_700 + (at - 2_000) * speed : at - 300 + (speed - 1) * 1_000));
    assert.deepEqual(gaps, [], `at ${speed}`);
    near(delays.at(-1)[1], 300 + (1 - speed) * 1_000);
  }
});

test("silence is nothing heard, and one gap to its end", () => {
  const { gaps, played } = heard((at) => (at < 1_000 ? at - 100 : undefined));
  assert.equal(gaps.length, 1);
  near(gaps[0][1], 4_000);
  near(played, 900);
  assert.deepEqual(heard(() => undefined).delays, []);
});

test("who hears nothing at first has no gap before the first word, also when a device stood still", () => {
  const recorded = new Int16Array(6_000 * MS);
  for (let at = 4_500 * MS; at < recorded.length; at += 1) recorded[at] = TAPE[(at - 300 * MS) % TAPE.length];
  const mouth = marksOf(recorded.length);
  // The listener's asks for nothing for half a second, 3.5 s after it began.
  const ear = mouth.map(([sample, at]) => [sample, at < BEGAN + 3_500 ? at - 500 : at]);
  const { gaps, delays, played } = listen({ rate: RATE, began: 0, marks: mouth }, { rate: RATE, marks: ear, samples: recorded });
  assert.deepEqual(gaps, []);
  near(played, 1_500);
  near(median(delays), 300);
});
