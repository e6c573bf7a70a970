/** Polls as this page knows them, the keys of its ballots, and questions that are kept for later. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { keepBallot, secretBallot } from "./ballots.ts";
import type { Poll, PollDraft } from "./messages.ts";
import { answer, poll, pollChange, pollCount } from "./parse-polls.ts";
import { PREPARED_MAX, keepPrepared, readPrepared } from "./prepared.ts";
import { changePolls } from "./reduce-polls.ts";

const asked: Poll = { id: 1, question: "?", form: { kind: "yesNo" }, anonymous: false, stage: "open", votes: 0, results: null };
const tally = { votes: 3, counts: [1, 2], texts: [], numbers: [] };

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}
const forbidden = (): never => {
  throw new DOMException("no storage here", "SecurityError");
};

test("a poll goes its way from question to result", () => {
  let polls = changePolls([], { kind: "opened", poll: asked });
  polls = changePolls(polls, { kind: "opened", poll: asked });
  polls = changePolls(polls, { kind: "votes", id: 1, votes: 2 });
  polls = changePolls(polls, { kind: "closed", id: 1, votes: 3 });
  polls = changePolls(polls, { kind: "published", id: 1, results: tally });
  assert.deepEqual(polls, [{ ...asked, votes: 3, stage: "closed", results: tally }]);
  assert.deepEqual(changePolls(polls, { kind: "removed", id: 1 }), []);
});

test("what no room of ours says is not read", () => {
  assert.deepEqual(poll(JSON.parse(JSON.stringify(asked))), asked);
  for (const change of [{ question: 7 }, { form: { kind: "letters", count: 9 } }, { form: { kind: "choice", options: ["a"] } }, { votes: -1 }]) {
    assert.equal(poll({ ...asked, ...change }), null);
  }
  assert.equal(pollChange({ kind: "published", id: 1, results: { votes: 1 } }), null);
  assert.deepEqual(pollCount({ id: 1, tally: null, ballots: [] }), { id: 1, tally: null, ballots: [] });
  assert.equal(answer({ kind: "choices", chosen: ["a"] }), null);
});

test("a tab has one key for each anonymous poll, and another tab has others", () => {
  const tab = storage();
  const { key } = secretBallot(tab, "demo", 1);
  assert.match(key, /^[0-9a-f]{32}$/);
  keepBallot(tab, "demo", 1, { key, answer: { kind: "choices", chosen: [1] } });
  keepBallot(tab, "demo", 2, { key: "0".repeat(32), answer: null });
  assert.deepEqual(secretBallot(tab, "demo", 1), { key, answer: { kind: "choices", chosen: [1] } });
  assert.notEqual(secretBallot(storage(), "demo", 1).key, key);
  assert.notEqual(secretBallot(tab, "other", 1).key, key);
});

test("prepared questions stay in the browser, where it keeps anything", () => {
  const kept = storage();
  const draft: PollDraft = { question: "?", form: { kind: "choice", options: ["a", "b"], several: true }, anonymous: true };
  assert.ok(keepPrepared(() => kept, [draft]));
  assert.deepEqual(readPrepared(() => kept), [draft]);
  keepPrepared(() => kept, Array.from({ length: PREPARED_MAX + 5 }, () => draft));
  assert.equal(readPrepared(() => kept).length, PREPARED_MAX);
  kept.setItem("mosaik.questions", '{"questions":[{"question":1}]}');
  assert.deepEqual(readPrepared(() => kept), []);
  assert.equal(keepPrepared(forbidden, [draft]), false);
  assert.deepEqual(readPrepared(forbidden), []);
});
