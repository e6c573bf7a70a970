/** What a person asks and sees goes through the store: typed once, shown once, told once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { LineState } from "./line.ts";
import type { Participant, StateObject } from "./messages.ts";
import { createStore } from "./store.ts";
import { tellSources } from "./tell-sources.ts";

/** A snapshot's lists with nobody and nothing in them. */
const EMPTY = { chat: [], hands: { raised: [], called: [], asked: [], picked: [] }, statuses: [] };
const ME: Participant = { id: "me", name: "Ayla", role: "viewer", present: true, mic: false, cam: false, joinedAt: 1 };

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
  assert.ok(store.say("Hallo"));
  assert.deepEqual(sent, [{ number: 1, command: { kind: "say", text: "Hallo" } }]);
  assert.deepEqual(kept, [2]);
  assert.equal(store.drafts.value.list.length, 1);
  state({ kind: "event", revision: 2, event: { kind: "said", message: { id: 1, author: "me", name: "Ayla", text: "Hallo", at: 2 } } });
  store.takeInbox('{"kind":"acknowledged","number":1}');
  assert.equal(store.drafts.value.list.length, 0);
  assert.equal(store.room.value.chat.length, 1);
});

test("whoever asks learns the answer", async () => {
  const { store } = createRoom();
  store.commandsReady();
  const asked = store.ask({ kind: "endRoom" });
  store.takeInbox('{"kind":"refused","number":1,"refusal":{"code":"notAllowed"}}');
  assert.deepEqual((await asked)?.refusal, { code: "notAllowed" });
});

test("a closed inbox says why, nonsense says nothing", () => {
  const { store, closed } = createRoom();
  store.takeInbox("nonsense");
  store.takeInbox('{"kind":"closed","reason":"replaced"}');
  assert.deepEqual(closed, ["replaced"]);
});

test("the room is told of the microphone once, and again on a new line that forgot", () => {
  const { store, sent, state } = createRoom();
  const line = signal<LineState>({ state: "open" });
  const wanted = signal({ mic: false, cam: false });
  store.commandsReady();
  const stop = tellSources(store, line, wanted);
  assert.equal(sent.length, 0);
  wanted.value = { mic: true, cam: false };
  state({ kind: "event", revision: 2, event: { kind: "presence", id: "me", present: true } });
  assert.deepEqual(sent.map(({ command }) => command), [{ kind: "setSources", mic: true, cam: false }]);
  state({ kind: "event", revision: 3, event: { kind: "sources", id: "me", mic: true, cam: false } });
  line.value = { state: "asking", attempt: 0, since: 0 };
  wanted.value = { mic: true, cam: true };
  wanted.value = { mic: true, cam: false };
  line.value = { state: "open" };
  assert.equal(sent.length, 1);
  state({ kind: "snapshot", revision: 4, state: { room: "demo", title: "Demo", participants: [ME], ...EMPTY } });
  assert.deepEqual(sent.map(({ number }) => number), [1, 2]);
  stop();
});
