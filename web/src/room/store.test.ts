/** What a person asks and sees goes through the store: typed once, shown once, told once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import { NO_BOARDS } from "./parse-boards.ts";
import { NO_SETTINGS } from "./locks.ts";
import type { LineState } from "./line.ts";
import type { Audience, Participant, StateObject } from "./messages.ts";
import { createStore } from "./store.ts";
import { tellSources } from "./tell-sources.ts";
import { NO_BREAKOUTS } from "./parse-breakouts.ts";

/** A snapshot's lists with nobody and nothing in them. */
const EMPTY = { chat: [], polls: [], hands: { raised: [], called: [], asked: [], picked: [], cameras: [] }, statuses: [], settings: NO_SETTINGS, endsAt: null, timer: null, breakouts: NO_BREAKOUTS, boards: NO_BOARDS, slides: { decks: [], shown: null }, files: [], sharing: { screens: [], onStage: false } };
const ME: Participant = { id: "me", name: "Ayla", role: "viewer", present: true, mic: false, cam: false, joinedAt: 1, locked: [], freed: [] };

const mine = (text: string, to: Audience) => ({
  id: 1,
  author: "me",
  name: "Ayla",
  to,
  text,
  at: 2,
  replyTo: null,
  edited: false,
  pinned: false,
  reactions: [],
});

function createRoom() {
  const sent: { number: number; command: unknown }[] = [];
  const kept: number[] = [];
  const closed: string[] = [];
  const store = createStore({
    me: "me",
    next: 1,
    send: (text) => sent.push(JSON.parse(text)),
    keepNext: (next) => kept.push(next),
    onClosed: (reason) => closed.push(reason),
  });
  const state = (object: StateObject) => store.takeState(JSON.stringify(object), 0);
  state({ kind: "snapshot", revision: 1, state: { room: "demo", title: "Demo", participants: [ME], ...EMPTY } });
  return { store, sent, kept, closed, state };
}

test("a message shows at once and once", () => {
  const { store, sent, state, kept } = createRoom();
  store.commandsReady();
  assert.ok(store.say("Hallo", { kind: "everyone" }, null));
  assert.deepEqual(sent, [{ number: 1, command: { kind: "say", text: "Hallo", to: { kind: "everyone" }, replyTo: null } }]);
  assert.deepEqual(kept, [2]);
  assert.equal(store.drafts.value.list.length, 1);
  state({ kind: "event", revision: 2, event: { kind: "said", message: mine("Hallo", { kind: "everyone" }) } });
  store.takeInbox('{"kind":"acknowledged","number":1}', 0);
  assert.equal(store.drafts.value.list.length, 0);
  assert.equal(store.room.value.chat.length, 1);
});

test("whoever asks learns the answer", async () => {
  const { store } = createRoom();
  store.commandsReady();
  const asked = store.ask({ kind: "endRoom" });
  store.takeInbox('{"kind":"refused","number":1,"refusal":{"code":"notAllowed"}}', 0);
  assert.deepEqual((await asked)?.refusal, { code: "notAllowed" });
});

test("a closed inbox says why, nonsense says nothing", () => {
  const { store, closed } = createRoom();
  store.takeInbox("nonsense", 0);
  store.takeInbox('{"kind":"closed","reason":"replaced"}', 0);
  assert.deepEqual(closed, ["replaced"]);
});

test("the room is told of the microphone once, and again on a new line that forgot", () => {
  const { store, sent, state } = createRoom();
  const line = signal<LineState>({ state: "open" });
  const wanted = signal({ mic: false, cam: false, screen: false });
  store.commandsReady();
  const stop = tellSources(store, line, wanted);
  assert.equal(sent.length, 0);
  wanted.value = { mic: true, cam: false, screen: false };
  state({ kind: "event", revision: 2, event: { kind: "presence", id: "me", present: true } });
  assert.deepEqual(sent.map(({ command }) => command), [{ kind: "setSources", mic: true, cam: false, screen: false }]);
  state({ kind: "event", revision: 3, event: { kind: "sources", id: "me", mic: true, cam: false } });
  line.value = { state: "asking", attempt: 0, since: 0 };
  wanted.value = { mic: true, cam: true, screen: false };
  wanted.value = { mic: true, cam: false, screen: false };
  line.value = { state: "open" };
  assert.equal(sent.length, 1);
  state({ kind: "snapshot", revision: 4, state: { room: "demo", title: "Demo", participants: [ME], ...EMPTY } });
  assert.deepEqual(sent.map(({ number }) => number), [1, 2]);
  stop();
});

test("a private message comes by the inbox, once, and a snapshot brings it back", () => {
  const { store } = createRoom();
  const to: Audience = { kind: "moderators" };
  store.commandsReady();
  assert.ok(store.say("Hilfe", to, null));
  const message = mine("Hilfe", to);
  store.takeInbox(JSON.stringify({ kind: "said", message }), 0);
  store.takeInbox('{"kind":"acknowledged","number":1}', 0);
  assert.deepEqual([store.drafts.value.list, store.inbox.value.messages], [[], [message]]);
  assert.deepEqual(store.room.value.chat, []);
  store.takeInbox(JSON.stringify({ kind: "snapshot", at: 1, acknowledged: 1, refused: [], messages: [message], votes: [], counts: [] }), 0);
  assert.deepEqual(store.inbox.value.messages, [message]);
});

test("who writes is shown until it is said", () => {
  const { store, state } = createRoom();
  state({ kind: "event", revision: 2, event: { kind: "chat", change: { kind: "typing", by: "me" } } });
  assert.deepEqual(store.passing.value.map(({ what }) => what.kind), ["typing"]);
  state({ kind: "event", revision: 3, event: { kind: "said", message: mine("Hallo", { kind: "everyone" }) } });
  assert.deepEqual(store.passing.value, []);
});
