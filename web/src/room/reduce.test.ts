/** The room as this page knows it must equal the room, whatever arrives twice or late. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChatMessage, Participant, RoomEvent, RoomSnapshot, StateObject } from "./messages.ts";
import { NO_BOARDS } from "./parse-boards.ts";
import { NO_SETTINGS } from "./locks.ts";
import { parseInbox, parseState } from "./parse.ts";
import { roster } from "./reduce-people.ts";
import { CHAT_MAX, isPrivate, merge } from "./reduce-chat.ts";
import { NO_ROOM, reduce } from "./reduce.ts";
import type { RoomState } from "./reduce.ts";
import { NO_BREAKOUTS } from "./parse-breakouts.ts";

/** A snapshot's lists with nothing in them. */
const EMPTY = { chat: [], polls: [], hands: { raised: [], called: [], asked: [], picked: [], cameras: [] }, statuses: [], settings: NO_SETTINGS, endsAt: null, timer: null, breakouts: NO_BREAKOUTS, boards: NO_BOARDS, slides: { decks: [], shown: null }, files: [], sharing: { screens: [], onStage: false } };

const person = (id: string, change: Partial<Participant> = {}): Participant => ({
  id,
  name: id,
  role: "viewer",
  present: true,
  mic: false,
  cam: false,
  joinedAt: 1,
  locked: [],
  freed: [],
  ...change,
});

const message = (id: number, change: Partial<ChatMessage> = {}): ChatMessage => ({
  id,
  author: "a",
  name: "a",
  to: { kind: "everyone" },
  text: "x",
  at: id,
  replyTo: null,
  edited: false,
  pinned: false,
  reactions: [],
  ...change,
});
const snapshot = (revision: number, change: Partial<RoomSnapshot> = {}): StateObject => ({
  kind: "snapshot",
  revision,
  state: { room: "demo", title: "Demo", participants: [person("a", { role: "moderator" })], ...EMPTY, ...change },
});

const event = (revision: number, what: RoomEvent): StateObject => ({ kind: "event", revision, event: what });

const after = (...objects: readonly StateObject[]): RoomState => objects.reduce(reduce, NO_ROOM);

test("snapshot and events give the room", () => {
  const state = after(
    snapshot(5),
    event(6, { kind: "joined", participant: person("b") }),
    event(7, { kind: "sources", id: "b", mic: true, cam: false }),
    event(8, { kind: "presence", id: "a", present: false }),
    event(9, { kind: "said", message: message(1, { author: "b", text: "Hallo" }) }),
  );
  assert.equal(state.revision, 9);
  assert.equal(state.participants.get("b")?.mic, true);
  assert.equal(state.participants.get("a")?.present, false);
  assert.equal(state.chat[0]?.text, "Hallo");
});

test("an event of a replaced group changes nothing", () => {
  const now = after(snapshot(5), event(6, { kind: "left", id: "a" }), snapshot(9));
  assert.equal(reduce(now, event(7, { kind: "left", id: "a" })), now);
  assert.equal(reduce(now, snapshot(8, { participants: [] })), now);
});

test("a snapshot of the same revision counts: another track may tell more names", () => {
  const now = after(snapshot(9, { participants: [person("a", { name: "" })] }), snapshot(9));
  assert.equal(now.participants.get("a")?.name, "a");
});

test("an event before any snapshot waits for the snapshot", () => {
  assert.equal(after(event(3, { kind: "left", id: "a" })), NO_ROOM);
});

test("people who leave are gone, strangers who leave do no harm", () => {
  const state = after(snapshot(1), event(2, { kind: "left", id: "a" }), event(3, { kind: "left", id: "x" }));
  assert.equal(state.participants.size, 0);
  assert.equal(state.revision, 3);
});

test("chat keeps the newest messages only", () => {
  const chat = Array.from({ length: CHAT_MAX + 5 }, (_, id) => message(id));
  assert.equal(after(snapshot(1, { chat })).chat[0]?.id, 5);
});

test("the roster shows moderators first, then names in the reader's order", () => {
  const state = after(
    snapshot(1, {
      participants: [person("1", { name: "Zoe" }), person("2", { name: "Änne" }), person("3", { name: "Ben", role: "moderator" })],
    }),
  );
  assert.deepEqual(roster(state.participants, "de").map(({ name }) => name), ["Ben", "Änne", "Zoe"]);
});

test("objects that are not ours are refused as a whole", () => {
  for (const text of ["", "[]", "{", '{"kind":"snapshot","revision":1}', '{"kind":"event","revision":-1,"event":{"kind":"left","id":"a"}}']) {
    assert.equal(parseState(text), null);
    assert.equal(parseInbox(text), null);
  }
  const half = JSON.stringify(snapshot(1)).replace('"viewer"', '"king"').replace('"moderator"', '"king"');
  assert.equal(parseState(half), null);
  assert.deepEqual(parseState(JSON.stringify(snapshot(1))), snapshot(1));
});

test("what was said may be changed, and only that", () => {
  const chat = [message(1), message(2), message(3)];
  const state = after(
    snapshot(1, { chat }),
    event(2, { kind: "chat", change: { kind: "edited", id: 1, text: "y" } }),
    event(3, { kind: "chat", change: { kind: "deleted", id: 2 } }),
    event(4, { kind: "chat", change: { kind: "reacted", id: 3, by: "b", reaction: "heart" } }),
    event(5, { kind: "chat", change: { kind: "reacted", id: 3, by: "b", reaction: "party" } }),
    event(6, { kind: "chat", change: { kind: "pinned", id: 3, pinned: true } }),
    event(7, { kind: "chat", change: { kind: "typing", by: "b" } }),
  );
  const changed = message(3, { pinned: true, reactions: [{ id: "b", reaction: "party" }] });
  assert.deepEqual(state.chat, [message(1, { text: "y", edited: true }), changed]);
  assert.deepEqual(reduce(state, event(8, { kind: "chat", change: { kind: "cleared" } })).chat, []);
});

test("public and private messages stand in the order in which they were said", () => {
  const secret = [message(901, { at: 2, to: { kind: "moderators" } }), message(17, { at: 9, to: { kind: "moderators" } })];
  const merged = merge([message(1), message(3), message(4)], secret);
  assert.deepEqual(merged.map(({ id }) => id), [1, 901, 3, 4, 17]);
  assert.deepEqual(merged.map(isPrivate), [false, true, false, false, true]);
});
