/** What lines are worth, and how they are read and kept. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_INBOX, reduceInbox } from "./inbox.ts";
import { adviceFor, gradeOf, isReduced, personLine, uplinkOf, worse, worstFirst } from "./lines.ts";
import type { LineQuality, Participant } from "./messages.ts";
import { parseInbox } from "./parse.ts";

const GOOD: LineQuality = { path: "webTransport", delayMs: 40, loss: "none", picture: "full", reason: "none", speech: "notWanted" };
const WEAK: LineQuality = { ...GOOD, picture: "reduced", reason: "lineFull" };

const person = (name: string, change: Partial<Participant> = {}): Participant => ({
  id: name,
  name,
  role: "viewer",
  present: true,
  mic: false,
  cam: false,
  joinedAt: 0,
  locked: [],
  freed: [],
  ...change,
});

const hearing = (line: LineQuality | undefined, change: Partial<Participant> = {}) => personLine(person("Ayla", change), line).hearing;
const read = (object: unknown) => parseInbox(JSON.stringify(object));

test("a line is as good as what comes by it", () => {
  assert.equal(gradeOf(undefined, false), "unknown");
  assert.equal(gradeOf(GOOD, true), "good");
  assert.equal(gradeOf({ ...GOOD, picture: "notWanted" }, false), "good");
  assert.equal(gradeOf({ ...WEAK, reason: "rising" }, false), "good", "it is being tried");
  assert.equal(gradeOf(WEAK, false), "fair");
  assert.equal(gradeOf({ ...GOOD, loss: "some" }, false), "fair");
  assert.equal(gradeOf({ ...GOOD, delayMs: 350 }, false), "fair");
  assert.equal(gradeOf({ ...GOOD, loss: "much" }, false), "poor");
  assert.equal(gradeOf({ ...WEAK, picture: "none" }, false), "poor");
  assert.equal(gradeOf({ ...GOOD, picture: "notWanted", reason: "silent" }, false), "poor");
  const unheard: LineQuality = { ...GOOD, speech: "missing" };
  assert.deepEqual([gradeOf(unheard, true), gradeOf(unheard, false)], ["poor", "good"], "who is muted is not missed");
});

test("what is only being tried is no reduction", () => {
  assert.deepEqual([GOOD, WEAK, { ...WEAK, reason: "rising" } as const].map(isReduced), [false, true, false]);
  assert.equal(worse("good", "fair"), "fair");
  assert.equal(worse("away", "poor"), "away");
});

test("the worst lines stand first, whoever they belong to", () => {
  const people = [
    personLine(person("Anna"), GOOD),
    personLine(person("Berta"), undefined),
    personLine(person("Cem", { present: false }), GOOD),
    personLine(person("Dana"), { ...WEAK, picture: "none" }),
    personLine(person("Emil"), { ...WEAK, delayMs: 90 }),
    personLine(person("Fritz"), WEAK),
    personLine(person("Ayla"), GOOD),
  ];
  const names = worstFirst(people, "de").map(({ participant }) => participant.name);
  assert.deepEqual(names, ["Cem", "Dana", "Emil", "Fritz", "Berta", "Anna", "Ayla"]);
  assert.equal(people[2]?.line, undefined, "a line that is lost says nothing");
});

test("who hears and who is heard is said where it is known", () => {
  assert.deepEqual(hearing(undefined), { hears: null, isHeard: null });
  assert.deepEqual(hearing(GOOD, { mic: true }), { hears: true, isHeard: null });
  assert.deepEqual(hearing({ ...GOOD, speech: "arrives" }, { mic: true }), { hears: true, isHeard: true });
  assert.deepEqual(hearing({ ...GOOD, speech: "missing" }, { mic: true }), { hears: true, isHeard: false });
  assert.deepEqual(hearing({ ...GOOD, speech: "missing" }), { hears: true, isHeard: null });
  assert.deepEqual(hearing({ ...GOOD, reason: "silent" }), { hears: false, isHeard: null });
  assert.deepEqual(hearing(GOOD, { present: false, mic: true }), { hears: false, isHeard: null });
});

test("what is sent of the own camera is all, less or the least", () => {
  assert.equal(uplinkOf({}, 3), "off");
  assert.equal(uplinkOf({ low: 3, mid: 3, high: 3 }, 3), "full");
  assert.equal(uplinkOf({ low: 3, mid: 3, high: 1 }, 3), "reduced");
  assert.equal(uplinkOf({ low: 3, mid: 0, high: 0 }, 3), "least");
  assert.equal(uplinkOf({ low: 1 }, 3), "least");
});

test("advice fits the trouble", () => {
  assert.deepEqual(adviceFor({ ...WEAK, loss: "much", reason: "loss" }, "off", false), ["router", "downloads"]);
  assert.deepEqual(adviceFor({ ...WEAK, path: "webSocket" }, "least", true), ["cameraOff", "downloads", "router", "network"]);
  assert.deepEqual(adviceFor(null, "reduced", false), ["downloads", "router"]);
});

test("an inbox brings the own line and, to moderators, those of all", () => {
  const door = { place: "inside", notice: null, waiting: [] };
  const snapshot = { kind: "snapshot", at: 1, acknowledged: 0, refused: [], messages: [], votes: [], counts: [], door };
  const first = read({ ...snapshot, line: GOOD, lines: [{ id: "a", line: GOOD }, { id: "b", line: GOOD }] });
  const changed = read({ kind: "lines", lines: [{ id: "b", line: WEAK }] });
  const own = read({ kind: "line", line: WEAK });
  assert.ok(first && changed && own);
  const state = [first, changed, own].reduce(reduceInbox, NO_INBOX);
  assert.deepEqual(state.line, WEAK);
  assert.deepEqual([...state.lines], [["a", GOOD], ["b", WEAK]]);
  assert.deepEqual(reduceInbox(state, { ...first, line: null, lines: [] } as typeof first).lines.size, 0);
});

test("lines of a kind that is not known are passed over, and the rest is read", () => {
  assert.equal(read({ kind: "line", line: { ...GOOD, reason: "magic" } }), null);
  assert.equal(read({ kind: "line", line: { ...GOOD, delayMs: -1 } }), null);
  const lines = [{ id: "a", line: GOOD }, { id: "b", line: { ...GOOD, path: "pigeon" } }, "c"];
  assert.deepEqual(read({ kind: "lines", lines }), { kind: "lines", lines: [{ id: "a", line: GOOD }] });
});
