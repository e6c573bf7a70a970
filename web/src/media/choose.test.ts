/** The right rendition for a tile. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { CatalogTrack } from "../engine/catalog.ts";
import { choose } from "./choose.ts";
import { CAM, MIC } from "./encode/rendition.ts";

const all: readonly CatalogTrack[] = [MIC, ...CAM];
const track = (height: number): string | undefined => choose(all, height, false)?.track;

test("the smallest rendition that is tall enough is asked for by name", () => {
  assert.deepEqual([90, 180, 181, 360, 400, 540, 541, 720, 2_000].map(track), [
    "cam/low", "cam/low", "cam/mid", "cam/mid", "cam/upper", "cam/upper", "cam/high", "cam/high", "cam/high",
  ]);
});

test("a relay that switches is told how tall the picture is shown", () => {
  assert.deepEqual(choose(all, 200.4, true), { track: "cam", codec: "vp8", pictureHeightMax: 201 });
});

test("one rendition needs no switching, nor can a decoder switch between codecs", () => {
  assert.equal(choose([MIC, ...CAM.slice(0, 1)], 500, true)?.track, "cam/low");
  const high = Object.assign({}, CAM.at(-1), { codec: "vp09.00.10.08" });
  const mixed = [...CAM.slice(0, -1), high];
  assert.deepEqual(choose(mixed, 700, true), { track: "cam/high", codec: "vp09.00.10.08", pictureHeightMax: undefined });
});

test("nothing is asked for that nobody sees, or that is not there", () => {
  assert.equal(choose(all, 0, true), undefined);
  assert.equal(choose(all, 0, false), undefined);
  assert.equal(choose([MIC], 300, true), undefined);
});
