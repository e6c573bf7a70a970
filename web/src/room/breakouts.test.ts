/** Who is where, and with whom, after everything that a room says of breakouts. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { EVERYONE_TOGETHER, callOf, changeBreakouts, companyOf, leaveBreakouts, usualCount } from "./breakouts.ts";
import type { Participant } from "./messages.ts";
import { breakoutChange } from "./parse-breakouts.ts";

const person = (id: string): [string, Participant] => [
  id,
  { id, name: id, role: "viewer", present: true, mic: false, cam: false, joinedAt: 0, locked: [], freed: [] },
];
const people = new Map(["a", "b", "c", "t"].map(person));
const opened = breakoutChange({
  kind: "set",
  breakouts: {
    how: "random",
    endsAt: 1_795_000_600_000,
    list: [
      { id: 4, number: 1, name: null },
      { id: 5, number: 2, name: "Füchse" },
    ],
    places: [
      { id: "a", breakout: 4 },
      { id: "b", breakout: 4 },
      { id: "c", breakout: 5 },
    ],
    calls: [],
    notice: null,
    voice: null,
  },
});
assert.ok(opened !== null);
const apart = changeBreakouts(EVERYONE_TOGETHER, opened);
const ids = (me: string, state = apart) => [...companyOf(people, state, me).keys()];

test("people see those who are where they are, and everyone while nobody is apart", () => {
  assert.deepEqual(ids("a"), ["a", "b"]);
  assert.deepEqual(ids("c"), ["c"]);
  assert.deepEqual(ids("t"), ["t"]);
  assert.equal(companyOf(people, EVERYONE_TOGETHER, "a"), people);
});

test("who looks in is seen there, and who comes back is not any more", () => {
  const inside = changeBreakouts(apart, { kind: "moved", id: "t", breakout: 5 });
  assert.deepEqual(ids("c", inside), ["c", "t"]);
  assert.deepEqual(ids("c", changeBreakouts(inside, { kind: "moved", id: "t", breakout: null })), ["c"]);
});

test("a call ends when it is answered and when the caller goes", () => {
  const calling = changeBreakouts(apart, { kind: "called", call: { breakout: 4, by: "a", since: 1 } });
  assert.equal(callOf(calling, 4)?.by, "a");
  assert.equal(callOf(changeBreakouts(calling, { kind: "answered", breakout: 4 }), 4), undefined);
  assert.equal(callOf(changeBreakouts(calling, { kind: "moved", id: "a", breakout: 5 }), 4), undefined);
  assert.equal(callOf(leaveBreakouts(calling, "a"), 4), undefined);
  assert.deepEqual(ids("b", leaveBreakouts(calling, "a")), ["b"]);
});

test("two who talk aside are apart without any group", () => {
  const begun = changeBreakouts(EVERYONE_TOGETHER, { kind: "begun", breakout: { id: 9, number: 0, name: null } });
  const aside = ["t", "a"].reduce((state, id) => changeBreakouts(state, { kind: "moved", id, breakout: 9 }), begun);
  assert.deepEqual(ids("a", aside), ["a", "t"]);
  assert.deepEqual(ids("b", aside), ["b", "c"]);
});

test("what no room says is no change", () => {
  for (const wrong of [null, { kind: "flown" }, { kind: "moved" }, { kind: "set", breakouts: {} }, { kind: "told", notice: { text: "a" } }]) {
    assert.equal(breakoutChange(wrong), null);
  }
});

test("groups have three or four people, as far as there may be so many", () => {
  assert.deepEqual([1, 8, 14, 30, 100].map(usualCount), [2, 2, 4, 8, 16]);
});
