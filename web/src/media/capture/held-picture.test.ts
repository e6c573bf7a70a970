/** A screen on which nothing moves is there for whoever comes, and gets sharp. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { holdPicture } from "./held-picture.ts";

/** Which picture it is, when, and whether it was given back. */
class FakeFrame {
  readonly of: string;
  readonly timestamp: number;
  isClosed = false;
  constructor(from: FakeFrame | string, { timestamp }: { timestamp: number }) {
    this.of = typeof from === "string" ? from : from.of;
    this.timestamp = timestamp;
  }
  close(): void {
    this.isClosed = true;
  }
}

before(() => Object.assign(globalThis, { VideoFrame: FakeFrame }));
after(() => Reflect.deleteProperty(globalThis, "VideoFrame"));

function share() {
  const given: FakeFrame[] = [];
  let isAwaited = false;
  const held = holdPicture(() => isAwaited, (frame) => void given.push(frame as unknown as FakeFrame));
  let now = 5_000;
  return {
    held,
    given,
    show(of: string, timestamp = now * 1_000): FakeFrame {
      const frame = new FakeFrame(of, { timestamp });
      held.take(frame as unknown as VideoFrame, now);
      return frame;
    },
    pass(ms: number): void {
      for (let passed = 0; passed < ms; passed += 50) {
        now += 50;
        held.tick(now);
      }
    },
    await: (awaited: boolean) => (isAwaited = awaited),
  };
}

test("the newest picture is given again, often until it is sharp and then once a second", () => {
  const { given, show, pass } = share();
  show("a");
  pass(1_000);
  assert.equal(given.length, 6);
  pass(5_000);
  assert.equal(given.length, 11);
  assert.ok(given.every(({ of }) => of === "a"));
});

test("somebody who has nothing to begin with does not wait for the next second", () => {
  const { given, show, pass, await: wait } = share();
  show("a");
  pass(3_000);
  const many = given.length;
  wait(true);
  pass(250);
  assert.equal(given.length, many + 1);
});

test("times rise also where a picture that was made earlier comes after one that was given again", () => {
  const { given, show, pass } = share();
  show("a", 7_000_000);
  pass(200);
  show("b", 7_100_000);
  show("c", 9_000_000);
  const times = given.map(({ timestamp }) => timestamp);
  assert.deepEqual(times, times.toSorted((a, b) => a - b));
  assert.equal(new Set(times).size, times.length);
  assert.deepEqual(given.map(({ of }) => of), ["a", "a", "b", "c"]);
});

test("a picture is given back as soon as there is another one, and the last at the end", () => {
  const { held, show, pass } = share();
  const [first, second] = [show("a"), show("b")];
  assert.deepEqual([first.isClosed, second.isClosed], [true, false]);
  held.close();
  assert.equal(second.isClosed, true);
  pass(2_000);
});

test("before there is a picture none is given", () => {
  const { given, pass, await: wait } = share();
  wait(true);
  pass(2_000);
  assert.deepEqual(given, []);
});
