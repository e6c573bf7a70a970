/** Moving a subscription to another session without a moment that has neither. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { ReceivedObject, RequestEnd, Subscriber } from "../moqt/types.ts";
import { follow, type Ask } from "./follow.ts";

interface Session {
  readonly ask: Ask;
  /** The subscriptions asked for, each with its end. */
  readonly asked: { readonly subscriber: Subscriber; end(end: RequestEnd): void; isCancelled: boolean; readonly heights: number[] }[];
}

function session(): Session {
  const asked: Session["asked"] = [];
  return {
    asked,
    ask(subscriber) {
      const subscription = { subscriber, end: (_end: RequestEnd): void => undefined, isCancelled: false, heights: [] as number[] };
      asked.push(subscription);
      return {
        ended: new Promise((resolve) => {
          subscription.end = resolve;
        }),
        cancel() {
          subscription.isCancelled = true;
          subscription.end({ kind: "cancelled" });
        },
        setPictureHeightMax: (pixels) => void subscription.heights.push(pixels),
      };
    },
  };
}

const object = (number: number): ReceivedObject => ({
  group: 1,
  subgroup: 0,
  object: number,
  properties: new Map(),
  payload: Uint8Array.of(number),
});
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function heard() {
  const objects: number[] = [];
  let subscribers = 0;
  const subscriber = (): Subscriber => {
    subscribers += 1;
    return { onObject: (each) => objects.push(each.object) };
  };
  return { objects, subscriber, subscribers: () => subscribers };
}

test("the session before is heard until the new one speaks", async () => {
  const [before, after, ear] = [session(), session(), heard()];
  const following = follow(before.ask, ear.subscriber);
  before.asked[0]?.subscriber.onObject(object(0));
  let isMoved = false;
  const moved = following.move(after.ask).then(() => (isMoved = true));
  before.asked[0]?.subscriber.onObject(object(1));
  await settled();
  assert.equal(isMoved, false);
  assert.equal(before.asked[0]?.isCancelled, false);
  assert.equal(ear.subscribers(), 1);
  after.asked[0]?.subscriber.onObject(object(2));
  await moved;
  assert.equal(before.asked[0]?.isCancelled, true);
  assert.equal(after.asked[0]?.isCancelled, false);
  assert.deepEqual(ear.objects, [0, 1, 2]);
});

test("of speech the slower session goes on for a while, with what is still on its way", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const [before, after, ear] = [session(), session(), heard()];
  const following = follow(before.ask, ear.subscriber, 400);
  before.asked[0]?.subscriber.onObject(object(0));
  const moved = following.move(after.ask);
  after.asked[0]?.subscriber.onObject(object(3));
  mock.timers.tick(399);
  before.asked[0]?.subscriber.onObject(object(1));
  after.asked[0]?.subscriber.onObject(object(4));
  assert.equal(before.asked[0]?.isCancelled, false);
  mock.timers.tick(1);
  await moved;
  assert.equal(before.asked[0]?.isCancelled, true);
  assert.deepEqual(ear.objects, [0, 3, 1, 4]);
});

test("a track that is silent on both sessions is moved after a while", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const [before, after] = [session(), session()];
  const following = follow(before.ask, heard().subscriber);
  const moved = following.move(after.ask);
  mock.timers.tick(1_999);
  assert.equal(before.asked[0]?.isCancelled, false);
  mock.timers.tick(1);
  await moved;
  assert.equal(before.asked[0]?.isCancelled, true);
});

test("after a move only the new session is asked again", async (t) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const [before, after] = [session(), session()];
  const following = follow(before.ask, heard().subscriber);
  const moved = following.move(after.ask);
  before.asked[0]?.end({ kind: "done", code: 0 });
  after.asked[0]?.end({ kind: "done", code: 0 });
  await settled();
  mock.timers.tick(300);
  assert.equal(before.asked.length, 1);
  assert.equal(after.asked.length, 2);
  after.asked[1]?.subscriber.onObject(object(0));
  await moved;
});

test("nothing is asked for any more once it is closed, also in the middle of a move", async () => {
  const [before, after] = [session(), session()];
  const following = follow(before.ask, heard().subscriber);
  const moved = following.move(after.ask);
  following.close();
  await moved;
  assert.equal(before.asked[0]?.isCancelled, true);
  assert.equal(after.asked[0]?.isCancelled, true);
  await settled();
  assert.equal(after.asked.length, 1);
});

test("a change of size is told to the subscription that is there", async () => {
  const [before, after] = [session(), session()];
  const following = follow(before.ask, heard().subscriber);
  following.setPictureHeightMax(180);
  const moved = following.move(after.ask);
  following.setPictureHeightMax(360);
  following.close();
  await moved;
  assert.deepEqual([before.asked[0]?.heights, after.asked[0]?.heights], [[180], [360]]);
});
