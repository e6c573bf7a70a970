/** Frames in the order a decoder needs, whatever the line does to groups. */

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { EncodedFrame } from "./frame-store.ts";
import { createVideoJitter, type VideoJitter } from "./video-jitter.ts";

const FRAMES = 60;
/** Group g begins at g ms; a frame is due 40 ms after it was captured. */
const frame = (group: number, object: number): EncodedFrame => ({
  group,
  object,
  capturedAt: group + object * 33,
  payload: new Uint8Array(100),
});
const dueAt = (capturedAt: number): number => capturedAt + 40;
const name = ({ group, object }: EncodedFrame): string => `${group}/${object}`;

function drain(jitter: VideoJitter, now: number, leadMs = 0): string[] {
  const names: string[] = [];
  for (;;) {
    const next = jitter.next(dueAt, now, leadMs);
    if (next === undefined) return names;
    names.push(name(next));
  }
}

test("frames leave in order and not before their time", () => {
  const jitter = createVideoJitter();
  for (const object of [1, 0, 2]) jitter.arrive(frame(1_000, object));
  assert.deepEqual(drain(jitter, 1_039), []);
  assert.deepEqual(drain(jitter, 1_040), ["1000/0"]);
  assert.deepEqual(drain(jitter, 1_080, 50), ["1000/1", "1000/2"]);
});

test("a late joiner gets the whole group at once and is at the live edge", () => {
  const jitter = createVideoJitter();
  for (let object = 0; object < FRAMES; object += 1) jitter.arrive(frame(1_000, object));
  assert.equal(drain(jitter, 3_000).length, FRAMES);
  assert.equal(jitter.skipped(), 0);
});

test("who joins in the middle of a group waits for a key frame", () => {
  const jitter = createVideoJitter();
  for (let object = 5; object < 10; object += 1) jitter.arrive(frame(1_000, object));
  assert.deepEqual(drain(jitter, 5_000), []);
  jitter.arrive(frame(3_000, 0));
  assert.deepEqual(drain(jitter, 5_000), ["3000/0"]);
});

test("the next group follows without waiting when the one before it is complete", () => {
  const jitter = createVideoJitter();
  jitter.arrive(frame(1_000, 0));
  jitter.arrive(frame(1_033, 0));
  jitter.groupEnded(1_000);
  assert.deepEqual(drain(jitter, 1_040, 50), ["1000/0", "1033/0"]);
});

test("a group that lost its rest is left when the next key frame is due, not before", () => {
  const jitter = createVideoJitter();
  jitter.arrive(frame(1_000, 0));
  jitter.arrive(frame(1_000, 2));
  jitter.arrive(frame(1_100, 0));
  assert.deepEqual(drain(jitter, 1_139, 50), ["1000/0"]);
  assert.deepEqual(drain(jitter, 1_140, 50), ["1100/0"]);
  assert.equal(jitter.skipped(), 1);
  jitter.arrive(frame(1_000, 1));
  assert.deepEqual(drain(jitter, 1_140, 50), []);
});

test("a reset group does not hold back the next one", () => {
  const jitter = createVideoJitter();
  jitter.arrive(frame(1_000, 0));
  assert.deepEqual(drain(jitter, 1_040), ["1000/0"]);
  jitter.groupEnded(1_000);
  jitter.arrive(frame(1_066, 0));
  assert.deepEqual(drain(jitter, 1_066, 50), ["1066/0"]);
});

test("of several groups that are due only the newest is decoded", () => {
  const jitter = createVideoJitter();
  for (const group of [1_000, 2_000, 3_000]) {
    for (let object = 0; object < 30; object += 1) jitter.arrive(frame(group, object));
  }
  assert.deepEqual(drain(jitter, 3_040), ["3000/0"]);
  assert.equal(jitter.skipped(), 60);
});

test("after a decoder's error the picture comes back with the next key frame", () => {
  const jitter = createVideoJitter();
  for (let object = 0; object < 4; object += 1) jitter.arrive(frame(1_000, object));
  assert.deepEqual(drain(jitter, 1_050), ["1000/0"]);
  jitter.skipGroup();
  jitter.arrive(frame(1_000, 4));
  assert.deepEqual(drain(jitter, 1_500), []);
  jitter.arrive(frame(2_000, 0));
  assert.deepEqual(drain(jitter, 2_040), ["2000/0"]);
});

test("a flood is bounded, and what is decoded never misses a frame of its group", () => {
  const arrivals = fc.array(
    fc.record({
      group: fc.integer({ min: 0, max: 6 }).map((g) => g * 1_000),
      object: fc.nat(120),
      ends: fc.boolean(),
      wait: fc.nat(200),
    }),
    { maxLength: 600 },
  );
  fc.assert(
    fc.property(arrivals, (steps) => {
      const jitter = createVideoJitter();
      let now = 0;
      let last = { group: -1, object: -1 };
      for (const { group, object, ends, wait } of steps) {
        jitter.arrive(frame(group, object));
        if (ends) jitter.groupEnded(group);
        now += wait;
        for (let next = jitter.next(dueAt, now, 0); next !== undefined; next = jitter.next(dueAt, now, 0)) {
          const follows = next.group === last.group && next.object === last.object + 1;
          const begins = next.group > last.group && next.object === 0;
          assert.ok(follows || begins, `${name(next)} after ${last.group}/${last.object}`);
          last = next;
        }
      }
    }),
    { numRuns: 200 },
  );
});
