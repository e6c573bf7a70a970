/** A rendition's frame rate, whatever the camera's. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { framePace, sharpPace } from "./pace.ts";

/** Frames taken in ten seconds of a camera with `fps` frames/s, each late by up to `lateMs`. */
function taken(rate: number, fps: number, lateMs: number): number {
  const pace = framePace(rate);
  let count = 0;
  for (let i = 0; i < fps * 10; i += 1) {
    const at = (i * 1_000) / fps + (i % 3) * (lateMs / 2);
    if (!pace.isDue(at)) continue;
    pace.take(at);
    count += 1;
  }
  return count;
}

test("15 and 25 of a camera's 30 frames are taken, also when they come unevenly", () => {
  for (const late of [0, 6]) {
    assert.ok(Math.abs(taken(15, 30, late) - 150) <= 2, `${taken(15, 30, late)}`);
    assert.ok(Math.abs(taken(25, 30, late) - 250) <= 2, `${taken(25, 30, late)}`);
    assert.ok(Math.abs(taken(30, 30, late) - 300) <= 2, `${taken(30, 30, late)}`);
  }
});

test("all frames of a slower camera are taken", () => {
  assert.equal(taken(30, 24, 0), 240);
  assert.equal(taken(15, 10, 6), 100);
});

test("after a pause no frames are made up for", () => {
  const pace = framePace(25);
  pace.take(0);
  pace.take(5_000);
  assert.equal(pace.isDue(5_020), false);
  assert.equal(pace.isDue(5_040), true);
});

/** Pictures a second of a screen whose pictures have so many bytes each, over ten seconds of 30 frames each. */
function shared(bytes: number): number {
  const pace = sharpPace({ most: 15, least: 5, bitrate: 1_200_000 });
  let count = 0;
  for (let i = 0; i < 300; i += 1) {
    const at = (i * 1_000) / 30;
    if (!pace.isDue(at)) continue;
    pace.take(at);
    pace.spend(bytes);
    count += 1;
  }
  return count / 10;
}

test("of a screen cheap pictures come often, and expensive ones have the time that their bits need", () => {
  assert.equal(shared(300), 15);
  assert.equal(shared(15_000), 10);
  assert.equal(shared(30_000), 5);
  assert.equal(shared(200_000), 5);
});

test("what an encoder has not given yet costs nothing", () => {
  const pace = sharpPace({ most: 10, least: 2, bitrate: 1_000_000 });
  pace.take(0);
  pace.spend(1_000_000);
  assert.equal(pace.isDue(400), false);
  assert.equal(pace.isDue(500), true);
  pace.take(500);
  assert.equal(pace.isDue(600), true);
});
