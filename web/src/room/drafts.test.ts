/** A message of mine is shown once from Enter on, and kept when the room refuses it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_DRAFTS, confirm, draft, refuseDraft } from "./drafts.ts";
import { hear, speakers } from "./speaking.ts";

const message = (id: number, author: string, text = "x") => ({ id, author, name: author, text, at: 0 });

test("a draft goes when the room has said it", () => {
  const before = confirm(NO_DRAFTS, [message(1, "me"), message(2, "you")], "me");
  const typed = draft(draft(before, "a"), "b");
  const after = confirm(typed, [message(1, "me"), message(2, "you"), message(3, "me", "a")], "me");
  assert.deepEqual(after.list.map(({ text }) => text), ["b"]);
  assert.equal(confirm(after, [message(3, "me", "a")], "me"), after);
});

test("a refused draft stays and is not taken for the next message", () => {
  const typed = draft(draft(NO_DRAFTS, "a"), "b");
  const refused = refuseDraft(typed, { command: { kind: "say", text: "a" }, refusal: { code: "tooFast", retryAfterMs: 900 } });
  const after = confirm(refused, [message(1, "me", "b")], "me");
  assert.deepEqual(after.list.map(({ text, refusal }) => [text, refusal?.code]), [["a", "tooFast"]]);
});

test("a speaker shows after 300 ms and stays through a pause", () => {
  let voices = hear(new Map(), { a: 0.5, b: 0.01 }, 1_000);
  assert.deepEqual([...speakers(voices, 1_000, new Set())], []);
  voices = hear(voices, { a: 0.5, b: 0.01 }, 1_300);
  const shown = speakers(voices, 1_300, new Set());
  assert.deepEqual([...shown], ["a"]);
  voices = hear(voices, { a: 0, b: 0 }, 1_400);
  assert.equal(speakers(voices, 2_500, shown), shown);
  assert.deepEqual([...speakers(voices, 2_800, shown)], []);
});
