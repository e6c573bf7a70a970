/** Tests of whose picture rests. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { whoRests } from "./resting.ts";
import type { Seen, Turn } from "./resting.ts";

const NOW = 100_000;
const seen = (participant: string, more: Partial<Seen> = {}): Seen => ({ participant, height: 120, isPinned: false, heardAt: undefined, drawnAt: NOW - 100, ...more });
const CLASS = Array.from({ length: 10 }, (_, at) => seen(`p${at}`));

test("nobody rests while all can be decoded", () => {
  assert.deepEqual(whoRests(CLASS, 10, undefined, NOW), { resting: new Set(), turn: undefined });
  assert.deepEqual(whoRests(CLASS, Number.POSITIVE_INFINITY, undefined, NOW).resting.size, 0);
});

test("who leads, who is large and who speaks moves", () => {
  const people = [...CLASS, seen("teacher", { isPinned: true }), seen("large", { height: 480 }), seen("speaker", { heardAt: NOW - 1_000 }), seen("spoke", { heardAt: NOW - 20_000 })];
  const { resting, turn } = whoRests(people, 3, undefined, NOW);
  for (const id of ["teacher", "large", "speaker"]) assert.ok(!resting.has(id), id);
  assert.equal(resting.size, people.length - 3 - 1, "all others but who has the turn");
  assert.ok(turn !== undefined && !resting.has(turn.participant));
});

test("the same people stay where nothing changes", () => {
  const first = whoRests(CLASS, 6, undefined, NOW);
  const second = whoRests(CLASS, 6, first.turn, NOW + 1_000);
  assert.deepEqual(second, first);
});

test("everyone who rests gets a new picture in turn, whoever never had one first, and nobody waits for one that does not come", () => {
  const drawn = new Map(CLASS.map(({ participant }) => [participant, NOW - 100]));
  drawn.delete("p9");
  let turn: Turn | undefined;
  const turns: string[] = [];
  for (let second = 0; second < 30; second += 1) {
    const now = NOW + second * 1_000;
    const people = CLASS.map(({ participant }) => seen(participant, { drawnAt: drawn.get(participant) }));
    ({ turn } = whoRests(people, 6, turn, now));
    if (turn?.since === now) turns.push(turn.participant);
    // Nothing ever comes of p8, and of the others half a second later.
    if (turn !== undefined && turn.participant !== "p8") drawn.set(turn.participant, now + 500);
  }
  assert.equal(turns[0], "p9");
  for (const id of ["p6", "p7", "p8", "p9"]) assert.ok(turns.filter((other) => other === id).length >= 2, `${id} of ${turns.join()}`);
});
