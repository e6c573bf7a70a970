/** A microphone or camera as the person left it, whatever is plugged in or out meanwhile. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Plugged } from "./plugs.ts";
import { createSource } from "./source.ts";
import type { PluggedSource } from "./source.ts";
import type { SourceKind, Wanted } from "./open.ts";

/** What a test asks of a track: its device, and whether it was stopped. */
class Track extends EventTarget {
  readonly label: string;
  readonly deviceId: string;
  readyState: "live" | "ended" = "live";
  constructor({ deviceId, label }: Plugged) {
    super();
    this.deviceId = deviceId;
    this.label = label;
  }
  getSettings() {
    return { deviceId: this.deviceId };
  }
  stop() {
    this.readyState = "ended";
  }
}

const LAPTOP: Plugged = { deviceId: "laptop", groupId: "1", label: "Laptop" };
const HEADSET: Plugged = { deviceId: "headset", groupId: "2", label: "Headset" };

/** A computer with what is plugged in; the first one is its default. */
function computer(kind: SourceKind, plugged: readonly Plugged[]) {
  let list = plugged;
  const tracks: Track[] = [];
  const wants: Wanted[] = [];
  const source = createSource(kind, {
    open: async (_kind, wanted) => {
      wants.push(wanted);
      const device = list.find(({ deviceId }) => deviceId === wanted.deviceId) ?? list[0];
      if (device === undefined) {
        return { kind: "failed", problem: "missing" };
      }
      const track = new Track(device);
      tracks.push(track);
      return { kind: "opened", track: track as unknown as MediaStreamTrack };
    },
    list: async () => list,
  });
  const plug = async (next: readonly Plugged[]) => {
    list = next;
    await source.look();
  };
  return { source, tracks, wants, plug };
}

function labelOf(source: PluggedSource): string | null {
  const state = source.state.value;
  return state.state === "on" ? state.track.label : null;
}

test("who speaks goes on with the default when the headset is unplugged, and is told", async () => {
  const { source, plug } = computer("mic", [LAPTOP, HEADSET]);
  await source.choose("headset");
  await source.turnOn();
  assert.equal(labelOf(source), "Headset");
  await plug([LAPTOP]);
  assert.equal(labelOf(source), "Laptop");
  assert.deepEqual(source.news.value, { kind: "fellBack", lost: "Headset", now: "Laptop" });
});

test("a plug that is told of in two ways is one", async () => {
  const { source, tracks, plug } = computer("mic", [LAPTOP, HEADSET]);
  await source.choose("headset");
  await source.turnOn();
  const told = plug([LAPTOP]);
  tracks[0]?.dispatchEvent(new Event("ended"));
  await told;
  await source.look();
  assert.deepEqual(source.news.value, { kind: "fellBack", lost: "Headset", now: "Laptop" });
  assert.equal(tracks.length, 2);
});

test("the headset is used again when it is back", async () => {
  const { source, plug } = computer("mic", [LAPTOP, HEADSET]);
  await source.choose("headset");
  await source.turnOn();
  await plug([LAPTOP]);
  await plug([LAPTOP, HEADSET]);
  assert.equal(labelOf(source), "Headset");
  assert.deepEqual(source.news.value, { kind: "returned", now: "Headset" });
});

test("whoever chose another one meanwhile keeps it", async () => {
  const { source, plug } = computer("mic", [LAPTOP, HEADSET]);
  await source.choose("headset");
  await source.turnOn();
  await plug([LAPTOP]);
  await source.choose("laptop");
  await plug([LAPTOP, HEADSET]);
  assert.equal(labelOf(source), "Laptop");
});

test("whoever turned it off meanwhile is not heard when it is back", async () => {
  const { source, plug } = computer("mic", [LAPTOP, HEADSET]);
  await source.choose("headset");
  await source.turnOn();
  await plug([LAPTOP]);
  source.turnOff();
  await plug([LAPTOP, HEADSET]);
  assert.equal(source.state.value.state, "off");
});

test("nothing that is plugged in is used unasked", async () => {
  const { source, plug } = computer("mic", [LAPTOP]);
  await source.turnOn();
  await plug([LAPTOP, HEADSET]);
  assert.equal(labelOf(source), "Laptop");
  assert.deepEqual(source.news.value, { kind: "added", now: "Headset", deviceId: "headset" });
  await plug([LAPTOP]);
  assert.equal(source.news.value, null, "an offer of what is gone");
});

test("without another microphone the person is told that it was unplugged", async () => {
  const { source, tracks, plug } = computer("mic", [HEADSET]);
  await source.turnOn();
  await plug([]);
  assert.deepEqual(source.state.value, { state: "failed", problem: "unplugged" });
  await plug([HEADSET]);
  assert.equal(labelOf(source), "Headset");
  assert.equal(tracks.length, 2);
});

test("nobody is seen by another camera when theirs is unplugged", async () => {
  const { source, tracks, plug } = computer("cam", [LAPTOP, HEADSET]);
  await source.choose("headset");
  await source.turnOn();
  tracks[0]?.dispatchEvent(new Event("ended"));
  await plug([LAPTOP]);
  assert.deepEqual(source.state.value, { state: "failed", problem: "unplugged" });
  assert.equal(tracks.length, 1);
});

test("a muted microphone is let go, unless the person lets it listen", async () => {
  const { source, tracks } = computer("mic", [LAPTOP]);
  await source.turnOn();
  await source.toggle();
  assert.equal(tracks[0]?.readyState, "ended");
  source.keeps.value = true;
  await source.turnOn();
  await source.toggle();
  assert.equal(source.state.value.state, "off");
  assert.equal(tracks[1]?.readyState, "live");
  await source.turnOn();
  assert.equal(tracks.length, 2, "it is on again at once");
  await source.toggle();
  source.keeps.value = false;
  assert.equal(tracks[1]?.readyState, "ended");
});

test("what is turned off, and not only muted, is let go", async () => {
  const { source, tracks } = computer("mic", [LAPTOP]);
  source.keeps.value = true;
  await source.turnOn();
  source.rest();
  source.turnOff();
  assert.equal(tracks[0]?.readyState, "ended");
  assert.equal(source.kept.value, null);
});

test("a camera that shows paper is opened anew for it", async () => {
  const { source, wants } = computer("cam", [LAPTOP]);
  await source.turnOn();
  await source.setDetailed(true);
  assert.deepEqual(wants.map(({ isDetailed }) => isDetailed), [false, true]);
  assert.equal(source.state.value.state, "on");
});
