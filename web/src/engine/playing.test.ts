/** Which tracks of others are subscribed, as people, catalogs and sessions come and go. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { latch } from "../net/deadline.ts";
import type { RequestEnd } from "../moqt/types.ts";
import type { AudioTrack, CatalogTrack } from "./catalog.ts";
import type { Subscribe } from "../media/types.ts";
import { playing, type Playing } from "./playing.ts";

const mic: AudioTrack = { name: "mic", role: "audio", codec: "opus", samplerate: 48_000, bitrate: 32_000 };
const isAudio = (track: CatalogTrack): track is AudioTrack => track.role === "audio";

interface Stage {
  readonly voices: Playing;
  readonly log: string[];
  readonly subscribe: Subscribe;
  readonly ends: ((end: RequestEnd) => void)[];
}

function stage(): Stage {
  const log: string[] = [];
  const ends: ((end: RequestEnd) => void)[] = [];
  const voices = playing(isAudio, (participant, track) => {
    log.push(`play ${participant} ${track.bitrate}`);
    return { subscriber: { onObject: () => undefined }, stop: () => void log.push(`stop ${participant}`) };
  });
  const subscribe: Subscribe = (participant, track, priority) => {
    log.push(`subscribe ${participant}/${track} ${priority}`);
    const { promise, resolve } = latch<RequestEnd>();
    ends.push(resolve);
    return { ended: promise, cancel: () => void log.push(`cancel ${participant}`) };
  };
  return { voices, log, subscribe, ends };
}

const BEGIN = ["play a 32000", "subscribe a/mic 32"];
const END = ["cancel a", "stop a"];

test("a voice is played only when it is wanted, published and a session is there, in any order", () => {
  const steps: ((stage: Stage) => void)[] = [
    ({ voices }) => voices.want("a"),
    ({ voices }) => voices.setTrack("a", mic),
    ({ voices, subscribe }) => voices.connect(subscribe),
  ];
  const undo: ((stage: Stage) => void)[] = [
    ({ voices }) => voices.unwant("a"),
    ({ voices }) => voices.setTrack("a", undefined),
    ({ voices }) => voices.disconnect(),
  ];
  for (const order of [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) {
    for (const last of undo) {
      const set = stage();
      for (const i of order) steps[i]?.(set);
      assert.deepEqual(set.log, BEGIN);
      last(set);
      assert.deepEqual(set.log, [...BEGIN, ...END]);
    }
  }
});

test("the same catalog again changes nothing, another encoding is another player", () => {
  const { voices, log, subscribe } = stage();
  voices.connect(subscribe);
  voices.want("a");
  voices.setTrack("a", mic);
  voices.setTrack("a", { ...mic });
  assert.deepEqual(log, BEGIN);
  voices.setTrack("a", { ...mic, bitrate: 24_000 });
  assert.deepEqual(log, [...BEGIN, ...END, "play a 24000", "subscribe a/mic 32"]);
});

test("a track that ends while it is published is asked for again with patience", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { voices, log, subscribe, ends } = stage();
    voices.connect(subscribe);
    voices.want("a");
    voices.setTrack("a", mic);
    for (const waitMs of [1_000, 2_000, 4_000]) {
      ends.pop()?.({ kind: "done", code: 2 });
      await Promise.resolve();
      log.length = 0;
      mock.timers.tick(waitMs - 1);
      assert.deepEqual(log, []);
      mock.timers.tick(1);
      assert.deepEqual(log, ["subscribe a/mic 32"]);
    }
    ends.pop()?.({ kind: "sessionClosed" });
    await Promise.resolve();
    log.length = 0;
    mock.timers.tick(60_000);
    assert.deepEqual(log, []);
  } finally {
    mock.timers.reset();
  }
});
