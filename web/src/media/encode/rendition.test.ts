/** Renditions: what a camera can be sent in. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { CAM, DOCUMENT, fit, offered, offeredScreen } from "./rendition.ts";

const MID = CAM[1] ?? assert.fail();
const known = (ladder: typeof CAM) => ladder.map(({ name, bitrate }) => [name, bitrate]);
const names = (width: number, height: number): string[] => offered({ width, height }).map(({ name }) => name);

test("pictures fit the rendition's box, standing or lying, and are never enlarged", () => {
  assert.deepEqual(fit({ width: 1_280, height: 720 }, MID), { width: 640, height: 360 });
  assert.deepEqual(fit({ width: 640, height: 480 }, MID), { width: 480, height: 360 });
  assert.deepEqual(fit({ width: 720, height: 1_280 }, MID), { width: 360, height: 640 });
  assert.deepEqual(fit({ width: 320, height: 240 }, MID), { width: 320, height: 240 });
  assert.deepEqual(fit({ width: 1, height: 9_999 }, MID), { width: 2, height: 640 });
});

test("a camera is offered in the renditions that it has the pixels for", () => {
  assert.deepEqual(names(1_280, 720), ["cam/low", "cam/mid", "cam/upper", "cam/high"]);
  assert.deepEqual(names(720, 1_280), ["cam/low", "cam/mid", "cam/upper", "cam/high"]);
  assert.deepEqual(names(960, 540), ["cam/low", "cam/mid", "cam/upper"]);
  assert.deepEqual(names(640, 480), ["cam/low", "cam/mid"]);
  assert.deepEqual(names(640, 360), ["cam/low", "cam/mid"]);
  assert.deepEqual(names(160, 120), ["cam/low"]);
});

test("the catalog tells the size that pictures have", () => {
  const [low] = offered({ width: 640, height: 480 });
  assert.deepEqual([low?.width, low?.height, low?.framerate], [240, 180, 15]);
});

const screens = (width: number, height: number): string[] => offeredScreen({ width, height }).map((track) => `${track.name} ${track.width}x${track.height}`);

test("a screen is sent as it is, and smaller too where it has the pixels for that", () => {
  assert.deepEqual(screens(1_920, 1_080), ["screen/low 960x540", "screen/high 1920x1080"]);
  assert.deepEqual(screens(2_560, 1_440), ["screen/low 960x540", "screen/high 1920x1080"]);
  assert.deepEqual(screens(1_280, 1_024), ["screen/low 676x540", "screen/high 1280x1024"]);
  assert.deepEqual(screens(900, 1_600), ["screen/low 540x960", "screen/high 900x1600"]);
  assert.deepEqual(screens(800, 450), ["screen/low 800x450"]);
});

test("paper is sent with more pixels and fewer pictures, under the names and rates that the relay knows", () => {
  assert.deepEqual(known(DOCUMENT), known(CAM));
  for (const [index, paper] of DOCUMENT.entries()) {
    const person = CAM[index] ?? assert.fail();
    assert.ok(paper.height > person.height && paper.framerate < person.framerate, paper.name);
  }
  assert.deepEqual(offered({ width: 1_280, height: 720 }, DOCUMENT).map(({ name }) => name), ["cam/low", "cam/mid", "cam/upper"]);
});
