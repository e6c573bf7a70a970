/** What a reader of a control track sees when groups overlap or break. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { ReceivedObject } from "../moqt/types.ts";
import { newestGroup } from "./newest.ts";

const object = (group: number, number: number, text: string): ReceivedObject => ({
  group,
  subgroup: 0,
  object: number,
  properties: new Map(),
  payload: new TextEncoder().encode(text),
});

test("events of an old group do not follow the snapshot of a newer one", () => {
  const seen: [string, boolean][] = [];
  const { subscriber } = newestGroup((text, isFirst) => seen.push([text, isFirst]), assert.fail);
  subscriber.onObject(object(5, 0, "snapshot 5"));
  subscriber.onObject(object(5, 1, "event"));
  subscriber.onObject(object(9, 0, "snapshot 9"));
  subscriber.onObject(object(5, 2, "late"));
  subscriber.onObject(object(9, 1, "event"));
  assert.deepEqual(seen, [
    ["snapshot 5", true],
    ["event", false],
    ["snapshot 9", true],
    ["event", false],
  ]);
});

test("events without their snapshot are not shown", () => {
  const { subscriber } = newestGroup(assert.fail, assert.fail);
  subscriber.onObject(object(5, 3, "event"));
});

test("who has all of a group goes on with the next behind its snapshot, in order", () => {
  const seen: string[] = [];
  const { subscriber, close } = newestGroup((text, isFirst) => seen.push(isFirst ? `${text}!` : text), assert.fail);
  const end = (group: number) => subscriber.onSubgroupEnd?.(group, 0, true);
  subscriber.onObject(object(5, 0, "a"));
  subscriber.onObject(object(7, 1, "f"));
  end(7);
  subscriber.onObject(object(6, 2, "d"));
  subscriber.onObject(object(6, 3, "e"));
  assert.deepEqual(seen, ["a!"], "there may be more of the first");
  subscriber.onObject(object(5, 1, "b"));
  subscriber.onObject(object(5, 2, "c"));
  end(5);
  assert.deepEqual(seen, ["a!", "b", "c", "d", "e"]);
  end(6);
  subscriber.onObject(object(8, 4, "g"));
  assert.deepEqual(seen.slice(5), ["f", "g"]);
  subscriber.onObject(object(12, 1, "behind one that is missing"));
  subscriber.onObject(object(13, 0, "h"));
  subscriber.onObject(object(13, 1, "i"));
  assert.deepEqual(seen.slice(7), ["h!", "i"]);
  close();
});

test("what waits for a group that does not come is a stall", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let stalls = 0;
    const { subscriber } = newestGroup(() => undefined, () => (stalls += 1));
    subscriber.onObject(object(1, 0, ""));
    subscriber.onObject(object(2, 1, ""));
    mock.timers.tick(4_000);
    subscriber.onObject(object(1, 1, "it comes slowly"));
    mock.timers.tick(4_000);
    assert.equal(stalls, 0);
    mock.timers.tick(1_000);
    assert.equal(stalls, 1);
  } finally {
    mock.timers.reset();
  }
});

test("a cut group that nothing follows is a stall, one that is followed is none", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let stalls = 0;
    const { subscriber } = newestGroup(() => undefined, () => (stalls += 1));
    subscriber.onObject(object(1, 0, ""));
    subscriber.onSubgroupEnd?.(1, 0, false);
    subscriber.onObject(object(2, 0, ""));
    mock.timers.tick(10_000);
    assert.equal(stalls, 0);
    subscriber.onSubgroupEnd?.(2, 0, false);
    mock.timers.tick(10_000);
    assert.equal(stalls, 1);
  } finally {
    mock.timers.reset();
  }
});
