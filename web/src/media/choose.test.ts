/** The right rendition for a tile. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { CatalogTrack } from "../engine/catalog.ts";
import { choose } from "./choose.ts";
import { CAM, MIC, SCREEN } from "./encode/rendition.ts";

const all: readonly CatalogTrack[] = [MIC, ...CAM];
const seen = (height: number, isPinned = false) => ({ kind: "cam", height, isPinned }) as const;
const track = (height: number): string | undefined => choose(all, seen(height), false)?.track;

test("the smallest rendition that is tall enough is asked for by name", () => {
  assert.deepEqual([90, 180, 181, 360, 400, 540, 541, 720, 2_000].map(track), [
    "cam/low", "cam/low", "cam/mid", "cam/mid", "cam/upper", "cam/upper", "cam/high", "cam/high", "cam/high",
  ]);
});

test("a relay that switches is told how tall the picture is shown", () => {
  assert.deepEqual(choose(all, seen(200.4), true), { track: "cam", codec: "vp8", pictureHeightMax: 201, priority: 128 });
});

test("who is pinned keeps a picture on a line that has not room for all", () => {
  assert.ok((choose(all, seen(200, true), true)?.priority ?? 255) < 128);
});

test("one rendition is a picture among the others for a relay that switches", () => {
  assert.equal(choose([MIC, ...CAM.slice(0, 1)], seen(500), true)?.track, "cam");
});

test("a decoder cannot switch between codecs", () => {
  const high = Object.assign({}, CAM.at(-1), { codec: "vp09.00.10.08" });
  const mixed = [...CAM.slice(0, -1), high];
  assert.deepEqual(choose(mixed, seen(700), true), { track: "cam/high", codec: "vp09.00.10.08", pictureHeightMax: undefined, priority: 128 });
});

test("nothing is asked for that nobody sees, or that is not there", () => {
  assert.equal(choose(all, seen(0), true), undefined);
  assert.equal(choose(all, seen(0), false), undefined);
  assert.equal(choose([MIC], seen(300), true), undefined);
});

test("a screen is asked for by its own name and before all cameras, also beside the camera of the same person", () => {
  const both = [...all, ...SCREEN];
  const screen = choose(both, { kind: "screen", height: 700, isPinned: false }, true);
  assert.deepEqual(screen, { track: "screen", codec: "vp8", pictureHeightMax: 700, priority: 96 });
  assert.ok((choose(both, seen(700, true), true)?.priority ?? 0) > 96);
  assert.equal(choose(both, seen(700), true)?.track, "cam");
  assert.equal(choose(both, { kind: "screen", height: 700, isPinned: false }, false)?.track, "screen/high");
  assert.equal(choose(all, { kind: "screen", height: 700, isPinned: false }, true), undefined);
});
