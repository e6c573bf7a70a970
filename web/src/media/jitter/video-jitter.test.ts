/** Frames in the order a decoder needs, whatever the line does to groups. */

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { EncodedFrame } from "./frame-store.ts";
import { createVideoJitter, type VideoJitter } from "./video-jitter.ts";

const FRAMES = 60;
/** Group g begins at g ms; a frame is due 40 ms after it was captured. */
const frame = (group: number, object: number, layer = 0): EncodedFrame => ({
  group,
  object,
  layer,
  rendition: undefined,
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
  jitter.layerEnded(1_000, 0, true);
  assert.deepEqual(drain(jitter, 1_040, 50), ["1000/0", "1033/0"]);
});

test("a group that lost its rest is left when the next key frame is due, not before", () => {
  const jitter = createVideoJitter();
  jitter.arrive(frame(1_000, 0));
  jitter.arrive(frame(1_000, 2, 1));
  jitter.arrive(frame(1_000, 5, 2));
  jitter.arrive(frame(1_250, 0));
  assert.deepEqual(drain(jitter, 1_200, 50), ["1000/0", "1000/2"]);
  assert.deepEqual(drain(jitter, 1_289, 50), []);
  assert.deepEqual(drain(jitter, 1_290, 50), ["1250/0"]);
  assert.equal(jitter.skipped(), 1);
  jitter.arrive(frame(1_000, 4));
  assert.deepEqual(drain(jitter, 1_290, 50), []);
});

test("a reset group does not hold back the next one", () => {
  const jitter = createVideoJitter();
  jitter.arrive(frame(1_000, 0));
  assert.deepEqual(drain(jitter, 1_040), ["1000/0"]);
  jitter.layerEnded(1_000, 0, true);
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

test("frames of several layers are decoded in the order of their IDs", () => {
  const jitter = createVideoJitter();
  for (const [object, layer] of [[0, 0], [4, 0], [2, 1], [1, 2], [3, 2]] as const) jitter.arrive(frame(1_000, object, layer));
  assert.deepEqual(drain(jitter, 1_200), [0, 1, 2, 3, 4].map((object) => `1000/${object}`));
});

test("a missing frame of an enhancement layer is waited for until the next one must be decoded", () => {
  const jitter = createVideoJitter();
  jitter.arrive(frame(1_000, 0));
  jitter.arrive(frame(1_000, 1, 2));
  jitter.arrive(frame(1_000, 4));
  assert.deepEqual(drain(jitter, 1_100, 100), ["1000/0", "1000/1"]);
  jitter.arrive(frame(1_000, 2, 1));
  assert.deepEqual(drain(jitter, 1_100, 100), ["1000/2"]);
  // Captured at 1132, due at 1172.
  assert.deepEqual(drain(jitter, 1_156, 100), []);
  assert.deepEqual(drain(jitter, 1_157, 100), ["1000/4"]);
});

test("a layer that was dropped is not waited for, and fewer pictures come evenly", () => {
  const jitter = createVideoJitter();
  jitter.arrive(frame(1_000, 0));
  jitter.arrive(frame(1_000, 1, 2));
  jitter.layerEnded(1_000, 2, false);
  jitter.arrive(frame(1_000, 2, 1));
  assert.deepEqual(drain(jitter, 1_050, 100), ["1000/0", "1000/1", "1000/2"]);
  jitter.arrive(frame(1_000, 4));
  assert.deepEqual(drain(jitter, 1_083, 100), ["1000/4"]);
});

test("a layer that never came is given up once, then not waited for", () => {
  const jitter = createVideoJitter();
  for (const [object, layer] of [[0, 0], [2, 1], [4, 0], [6, 1]] as const) jitter.arrive(frame(1_000, object, layer));
  assert.deepEqual(drain(jitter, 1_040, 300), ["1000/0"]);
  assert.deepEqual(drain(jitter, 1_091, 300), ["1000/2", "1000/4", "1000/6"]);
});

test("without a frame of the base layer what needs it waits, or is left out when it will not come", () => {
  const late = createVideoJitter();
  late.arrive(frame(1_000, 0));
  late.arrive(frame(1_000, 5, 2));
  assert.deepEqual(drain(late, 2_000), ["1000/0"]);
  late.arrive(frame(1_000, 4));
  assert.deepEqual(drain(late, 2_000), ["1000/4", "1000/5"]);

  const cut = createVideoJitter();
  cut.arrive(frame(1_000, 0));
  cut.arrive(frame(1_000, 5, 2));
  cut.layerEnded(1_000, 0, false);
  assert.deepEqual(drain(cut, 2_000), ["1000/0"]);
  assert.equal(cut.skipped(), 1);
});

test("what needs a lost frame of the middle layer is left out until the next frame below", () => {
  const jitter = createVideoJitter();
  for (const [object, layer] of [[0, 0], [1, 2], [3, 2], [4, 0], [5, 2]] as const) jitter.arrive(frame(1_000, object, layer));
  jitter.layerEnded(1_000, 1, false);
  assert.deepEqual(drain(jitter, 1_300), ["1000/0", "1000/1", "1000/4", "1000/5"]);
});

/** What a frame of L1T3 is predicted from. */
const neededBy = (object: number): number | undefined => {
  if (object === 0) return undefined;
  if (object % 2 === 1) return object - 1;
  return object % 4 === 0 ? object - 4 : object - 2;
};
const layerOf = (object: number): number => (object % 2 === 1 ? 2 : object % 4 === 0 ? 0 : 1);

test("whatever the line does to groups and layers, what is decoded never misses a frame that it needs", () => {
  const steps = fc.array(
    fc.record({
      group: fc.integer({ min: 0, max: 5 }).map((g) => g * 400),
      layer: fc.nat(2),
      event: fc.constantFrom("come", "come", "come", "come", "come", "come", "come", "cut", "end"),
      count: fc.integer({ min: 1, max: 6 }),
      wait: fc.nat(60),
    }),
    { maxLength: 400 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const jitter = createVideoJitter();
      const streams = new Map<string, { next: number; isOpen: boolean }>();
      const decoded = new Set<string>();
      let now = 0;
      let last = { group: -1, object: -1 };
      for (const { group, layer, event, count, wait } of all) {
        const stream = streams.get(`${group}/${layer}`) ?? { next: layer === 0 ? 0 : 3 - layer, isOpen: true };
        streams.set(`${group}/${layer}`, stream);
        const coming = event === "come" && stream.isOpen ? count : 0;
        for (let i = 0; i < coming; i += 1) {
          jitter.arrive(frame(group, stream.next, layer));
          do stream.next += 1;
          while (layerOf(stream.next) !== layer);
        }
        if (event !== "come" && stream.isOpen) {
          jitter.layerEnded(group, layer, false);
          stream.isOpen = false;
        }
        now += wait;
        for (let next = jitter.next(dueAt, now, 20); next !== undefined; next = jitter.next(dueAt, now, 20)) {
          const rises = next.group > last.group || (next.group === last.group && next.object > last.object);
          const needed = neededBy(next.object);
          assert.ok(rises, `${name(next)} after ${last.group}/${last.object}`);
          assert.ok(needed === undefined || decoded.has(`${next.group}/${needed}`), `${name(next)} without ${needed}`);
          decoded.add(name(next));
          last = next;
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("a flood is bounded", () => {
  const jitter = createVideoJitter();
  for (let i = 0; i < 5_000; i += 1) jitter.arrive(frame(1_000 + Math.floor(i / 50), 1 + (i % 50)));
  assert.ok(jitter.skipped() >= 5_000 - 257, `${jitter.skipped()}`);
});
