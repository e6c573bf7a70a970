/** Tests of captions among what shows for some seconds. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { StateObject } from "./messages.ts";
import { PASSING_MAX, forget, pass } from "./passing.ts";
import type { Passing } from "./passing.ts";

const caption = (by: string, text: string, done: boolean): StateObject => ({ kind: "event", revision: 1, event: { kind: "caption", by, text, done } });
const bravo: StateObject = { kind: "event", revision: 1, event: { kind: "sign", change: { kind: "reacted", id: "p", reaction: "bravo" } } };
const lines = (list: readonly Passing[]) => list.toSorted((a, b) => a.key - b.key).flatMap(({ what }) => (what.kind === "caption" ? [what.text] : []));

test("a line grows in its place, and the newest two are shown", () => {
  let list: readonly Passing[] = [];
  for (const [text, done] of [["Eins", true], ["Zw", false], ["Zwei", true], ["D", false], ["Dr", false]] as const) list = pass(list, caption("a", text, done), 0);
  assert.deepEqual(lines(list), ["Zwei", "Dr"]);
  assert.deepEqual(lines(pass(list, caption("a", "", false), 0)), ["Zwei"]);
});

test("two who write do not overwrite each other", () => {
  let list: readonly Passing[] = [];
  for (const by of ["a", "b", "a"]) list = pass(list, caption(by, `von ${by}`, false), 0);
  assert.deepEqual(lines(list), ["von a", "von b"]);
});

test("a line is shown for eight seconds after it grew last, and a class that reacts does not push it away", () => {
  let list = pass([], caption("a", "Guten", false), 0);
  list = pass(list, caption("a", "Guten Morgen", true), 4_000);
  for (let at = 0; at < PASSING_MAX * 2; at += 1) list = pass(list, bravo, 5_000);
  assert.ok(list.length <= PASSING_MAX + 1);
  assert.deepEqual(lines(forget(list, 11_000)), ["Guten Morgen"]);
  assert.deepEqual(list.map(({ until }) => until), list.map(({ until }) => until).toSorted((a, b) => a - b));
  assert.deepEqual(forget(list, 12_000), []);
});
