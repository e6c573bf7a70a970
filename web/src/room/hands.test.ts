/** Hands as this page knows them must be those of the room. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { HandChange, StateObject } from "./messages.ts";
import { handChange } from "./parse-hands.ts";
import { signChange } from "./parse-signs.ts";
import { PASSING_MAX, forget, pass } from "./passing.ts";
import type { Passing } from "./passing.ts";
import { NO_HANDS, changeHands, leaveHands } from "./reduce-hands.ts";
import { changeStatuses, readStatuses } from "./reduce-signs.ts";

const raise = (id: string): HandChange => ({ kind: "raised", hand: { id, since: 1 } });
const reacted = (id: string): StateObject => ({
  kind: "event",
  revision: 1,
  event: { kind: "sign", change: { kind: "reacted", id, reaction: "heart" } },
});
const after = (...changes: readonly HandChange[]) => changes.reduce(changeHands, NO_HANDS);

test("whoever is called on has no hand up, is asked once and counted when they speak", () => {
  const hands = after(
    raise("a"),
    raise("b"),
    { kind: "calledOn", id: "a" },
    { kind: "calledOn", id: "a" },
  );
  assert.deepEqual(hands.raised.map(({ id }) => id), ["b"]);
  assert.deepEqual([[...hands.called], hands.asked], [[], ["a"]]);
  const spoken = changeHands(hands, { kind: "answered", id: "a", speaks: true });
  assert.deepEqual([[...spoken.called], spoken.asked], [[["a", 1]], []]);
  const silent = changeHands(hands, { kind: "answered", id: "a", speaks: false });
  assert.deepEqual([[...silent.called], silent.asked], [[], []]);
});

test("who left waits for nothing, and is remembered", () => {
  const hands = leaveHands(after(raise("a"), { kind: "answered", id: "b", speaks: true }, raise("b")), "b");
  assert.deepEqual([hands.raised.map(({ id }) => id), hands.asked, hands.called.get("b")], [["a"], [], 1]);
});

test("a new round of picks begins with its first", () => {
  const hands = after({ kind: "picked", id: "a", isNewRound: false }, { kind: "picked", id: "b", isNewRound: true });
  assert.deepEqual(hands.picked, ["b"]);
});

test("a status is one a person, and all go at once", () => {
  const before = readStatuses([{ id: "a", status: "agree" }]);
  const changed = changeStatuses(before, { kind: "status", id: "a", status: "needHelp" });
  assert.deepEqual([...changed], [["a", "needHelp"]]);
  assert.equal(changeStatuses(changed, { kind: "status", id: "a", status: null }).size, 0);
  assert.equal(changeStatuses(changed, { kind: "statusesCleared" }).size, 0);
});

test("what no room of ours says is not read", () => {
  assert.equal(handChange({ kind: "raised", hand: { id: 7, since: 1 } }), null);
  assert.equal(handChange({ kind: "waved", id: "a" }), null);
  assert.equal(signChange({ kind: "reacted", id: "a", reaction: "<img>" }), null);
  assert.deepEqual(signChange({ kind: "status", id: "a", status: "asleep" }), { kind: "status", id: "a", status: null });
});

test("reactions pass, and a class that reacts at once fills no page", () => {
  let list: readonly Passing[] = [];
  for (let count = 0; count < 100; count++) {
    list = pass(list, reacted(`${count}`), count);
  }
  assert.equal(list.length, PASSING_MAX);
  assert.equal(new Set(list.map(({ key }) => key)).size, PASSING_MAX);
  assert.equal(forget(list, 99), list);
  assert.equal(forget(list, 60_000).length, 0);
});
