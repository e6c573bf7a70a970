/** How late groups leave: the only sign of a full line where a browser hides what waits. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { SubgroupWriter } from "../../moqt/types.ts";
import { leavingGroups } from "./leaving.ts";

interface Stream extends SubgroupWriter {
  isDrained: boolean;
  resetWith: number | undefined;
}

function stream(): Stream {
  const it: Stream = {
    queuedBytes: 0,
    isOpen: false,
    isDrained: false,
    resetWith: undefined,
    write: () => undefined,
    finish: () => undefined,
    reset(code) {
      it.resetWith = code;
    },
  };
  return it;
}

/** Groups that take so long to leave, one every two seconds; how late they are at the end. */
function after(...tookMs: number[]): number {
  const groups = leavingGroups();
  for (const [index, took] of tookMs.entries()) {
    const leaving = stream();
    groups.add([leaving], index * 2_000);
    leaving.isDrained = true;
    groups.lateMs(index * 2_000 + took);
  }
  return groups.lateMs(tookMs.length * 2_000);
}

test("a round trip is not late, however long it is", () => {
  assert.equal(after(600, 605, 600) < 10, true);
});

test("two groups that wait are late, one may have lost a packet", () => {
  assert.ok(after(50, 50, 450) < 10);
  const late = after(50, 450, 460);
  assert.ok(late > 300 && late < 420, `${late}`);
  assert.ok(after(50, 450, 460, 50) < 20);
});

test("a group that has been waiting for a second is late before it has left", () => {
  const groups = leavingGroups();
  const first = stream();
  groups.add([first], 0);
  first.isDrained = true;
  groups.lateMs(50);
  groups.add([stream()], 2_000);
  assert.equal(groups.lateMs(2_500), 0);
  assert.ok(groups.lateMs(3_100) > 1_000);
});

test("what is stale is reset, and counts as late until a group leaves in time", () => {
  const groups = leavingGroups();
  const stuck = stream();
  groups.add([stuck], 0);
  groups.expire(900, 1_000, 2);
  assert.equal(stuck.resetWith, undefined);
  groups.expire(1_100, 1_000, 2);
  assert.equal(stuck.resetWith, 2);
  assert.ok(groups.lateMs(1_200) > 1_000);
});

test("another network with a longer way is not late for ever", () => {
  assert.ok(after(50, ...Array.from({ length: 120 }, () => 300)) < 150);
});
