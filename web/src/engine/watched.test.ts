/** Whether a silence is the line's or the speaker's. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { latch, type Latch } from "../net/deadline.ts";
import type { ReceivedObject, RequestEnd, Session, Subscriber } from "../moqt/types.ts";
import { watched } from "./watched.ts";

const ME = { room: "demo", participant: "00000000000000aa" };
const OBJECT: ReceivedObject = { group: 1, subgroup: 0, object: 0, properties: new Map(), payload: new Uint8Array(1) };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Asked {
  readonly name: string;
  readonly subscriber: Subscriber;
  readonly ended: Latch<RequestEnd>;
}

function scene() {
  const asked: Asked[] = [];
  let now = 0;
  let starvedCount = 0;
  const session: Pick<Session, "subscribe"> = {
    subscribe(namespace, track, _options, subscriber) {
      const ended = latch<RequestEnd>();
      asked.push({ name: [...namespace, track].join("/"), subscriber, ended });
      const cancel = (): void => ended.resolve({ kind: "cancelled" });
      return { ended: ended.promise, cancel, setPictureHeightMax: () => undefined };
    },
  };
  const watch = watched(session, ME, () => now, () => (starvedCount += 1));
  const pass = (ms: number): void => {
    now += ms;
    watch.tick();
  };
  const hears: Subscriber = { onObject: () => undefined };
  const follow = (): Asked | undefined => {
    watch.subscribe(["demo", "00000000000000bb"], "mic", { priority: 32 }, hears);
    return asked.at(-1);
  };
  return { asked, pass, follow, starvedCount: () => starvedCount };
}

test("a voice that stops while the relay brings our own catalog is the speaker's silence", () => {
  const set = scene();
  set.follow()?.subscriber.onObject(OBJECT);
  set.pass(4_000);
  assert.deepEqual(set.asked.map(({ name }) => name), ["demo/00000000000000bb/mic", "demo/00000000000000aa/catalog"]);
  set.asked.at(-1)?.subscriber.onObject(OBJECT);
  for (let seconds = 0; seconds < 25; seconds += 1) set.pass(1_000);
  assert.equal(set.asked.length, 2, "not asked again at once");
  assert.equal(set.starvedCount(), 0);
});

test("a line that brings not even our own catalog starves, which is told once", () => {
  const set = scene();
  set.follow()?.subscriber.onObject(OBJECT);
  set.pass(4_000);
  set.pass(3_999);
  assert.equal(set.starvedCount(), 0);
  set.pass(1);
  for (let seconds = 0; seconds < 100; seconds += 1) set.pass(1_000);
  assert.equal(set.starvedCount(), 1);
});

test("a voice that goes on needs no answer", () => {
  const set = scene();
  const voice = set.follow();
  voice?.subscriber.onObject(OBJECT);
  set.pass(4_000);
  voice?.subscriber.onObject(OBJECT);
  set.pass(4_000);
  assert.equal(set.starvedCount(), 0);
});

test("a relay that refuses answers", async () => {
  const set = scene();
  set.follow()?.subscriber.onObject(OBJECT);
  set.pass(4_000);
  set.asked.at(-1)?.ended.resolve({ kind: "refused", code: 0x10, retryAfterMs: undefined });
  await settled();
  set.pass(5_000);
  assert.equal(set.starvedCount(), 0);
});

test("nothing is missed where nothing ever came, or what came has ended", async () => {
  const set = scene();
  set.follow();
  set.pass(60_000);
  const camera = set.follow();
  camera?.subscriber.onObject(OBJECT);
  camera?.ended.resolve({ kind: "done", code: 2 });
  await settled();
  set.pass(60_000);
  assert.equal(set.asked.length, 2);
  assert.equal(set.starvedCount(), 0);
});
