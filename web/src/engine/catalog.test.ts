/** Catalogs: ours is readable, theirs can do no harm. */

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { catalogText, parseCatalog, type CatalogTrack } from "./catalog.ts";

const tracks: CatalogTrack[] = [
  { name: "mic", role: "audio", codec: "opus", samplerate: 48_000, bitrate: 32_000 },
  { name: "cam/mid", role: "video", codec: "vp8", width: 640, height: 360, framerate: 30, bitrate: 450_000 },
  { name: "screen/high", role: "video", codec: "vp8", width: 1_920, height: 1_080, framerate: 15, bitrate: 1_200_000 },
];

test("a catalog of ours comes back as it was", () => {
  assert.deepEqual(parseCatalog(catalogText(tracks)), tracks);
});

test("the catalog has the fields of docs/protocol.md", () => {
  const json = JSON.parse(catalogText(tracks));
  assert.equal(json.version, "1");
  assert.deepEqual(json.tracks[0], {
    name: "mic", packaging: "loc", isLive: true, role: "audio", codec: "opus",
    samplerate: 48_000, channelConfig: "1", bitrate: 32_000,
  });
  assert.deepEqual([json.tracks[1].altGroup, json.tracks[2].altGroup], [1, 2]);
});

test("what cannot be played is left out and the rest stays", () => {
  const odd = [
    { name: "cam/big", packaging: "loc", role: "video", codec: "vp8", width: 1e6, height: 360 },
    { name: "cam/../x", packaging: "loc", role: "video", codec: "vp8", width: 10, height: 10 },
    { name: "mic", packaging: "cmaf", role: "audio", codec: "opus", samplerate: 48_000 },
    null,
    7,
  ];
  const ours = JSON.parse(catalogText(tracks)).tracks;
  assert.deepEqual(parseCatalog(JSON.stringify({ version: "1", tracks: [...odd, ...ours, ours[0]] })), tracks);
});

test("no text at all breaks the reader", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const parsed = parseCatalog(text);
      assert.ok(parsed === undefined || Array.isArray(parsed));
    }),
  );
});
