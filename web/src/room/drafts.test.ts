/** A message I wrote is seen once: as a draft, then as a message, or as a refusal. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_DRAFTS, confirm, discard, draft, settleDraft } from "./drafts.ts";
import type { Drafts, Say } from "./drafts.ts";
import type { Audience, ChatMessage } from "./messages.ts";

const say = (text: string, to: Audience = { kind: "everyone" }): Say => ({ kind: "say", text, to, replyTo: null });
const message = (id: number, author: string, text: string): ChatMessage => ({
  id,
  author,
  name: author,
  to: { kind: "everyone" },
  text,
  at: id,
  replyTo: null,
  edited: false,
  pinned: false,
  reactions: [],
});
const texts = (drafts: Drafts) => drafts.list.map((entry) => entry.say.text);

test("my message replaces my oldest draft, others replace none", () => {
  const drafts = draft(draft(NO_DRAFTS, say("a")), say("b"));
  const chat = [message(1, "other", "a"), message(2, "me", "a")];
  const after = confirm(drafts, chat, "me");
  assert.deepEqual(texts(after), ["b"]);
  assert.equal(confirm(after, chat, "me"), after);
});

test("a refused message stays until it is discarded", () => {
  const asked = say("a");
  const drafts = settleDraft(draft(NO_DRAFTS, asked), { command: asked, refusal: { code: "tooFast", retryAfterMs: 1 } });
  const after = confirm(drafts, [message(1, "me", "something else")], "me");
  assert.deepEqual(after.list.map(({ refusal }) => refusal?.code), ["tooFast"]);
  assert.deepEqual(discard(after, 1).list, []);
});

test("a private message is no draft any more once the room has answered", () => {
  const [open, secret] = [say("offen"), say("geheim", { kind: "moderators" })];
  const drafts = draft(draft(NO_DRAFTS, secret), open);
  const mine = confirm(drafts, [message(1, "me", "offen")], "me");
  assert.deepEqual(texts(mine), ["geheim"], "a public message of mine confirms no private one");
  assert.deepEqual(texts(settleDraft(mine, { command: secret, refusal: null })), []);
  assert.deepEqual(texts(settleDraft(drafts, { command: open, refusal: null })), ["geheim", "offen"]);
});
