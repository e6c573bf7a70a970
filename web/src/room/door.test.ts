/** Who waits, who is locked and who leads, as the page makes it out of the room's objects. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_DOOR, follow } from "./door.ts";
import { locksOn } from "./locks.ts";
import type { Door } from "./door.ts";
import type { DoorNews, Participant } from "./messages.ts";
import { parseInbox, parseState } from "./parse.ts";
import { NO_ROOM, reduce } from "./reduce.ts";

/** What a snapshot has beside. */
const EMPTY = { chat: [], polls: [], hands: { raised: [], called: [], asked: [], picked: [], cameras: [] }, statuses: [], endsAt: null };
const AYLA = { id: "a", name: "Ayla", since: 1 };
const BEN = { id: "b", name: "Ben", since: 2 };

const after = (door: Door, ...news: DoorNews[]) => news.reduce((before, next) => follow(before, { kind: "door", news: next }), door);

test("who waits is listed once, in the order of coming, until they do not wait any more", () => {
  const door = after(NO_DOOR, { kind: "waits", person: AYLA }, { kind: "waits", person: BEN }, { kind: "waits", person: BEN });
  assert.deepEqual(door.waiting, [AYLA, BEN]);
  assert.deepEqual(after(door, { kind: "waitsNoMore", id: "a" }).waiting, [BEN]);
});

test("whoever waits hears what is said to them and that they are in", () => {
  const snapshot = parseInbox(JSON.stringify({ kind: "snapshot", at: 1, acknowledged: 0, refused: [], messages: [], votes: [], counts: [], consents: [], door: { place: "waiting", notice: null, waiting: [] }, uploads: [] }));
  assert.ok(snapshot !== null);
  const door = after(follow(NO_DOOR, snapshot), { kind: "notice", text: "<b>Gleich</b>" });
  assert.deepEqual([door.place, door.notice], ["waiting", "<b>Gleich</b>"]);
  assert.equal(after(door, { kind: "letIn" }).place, "inside");
});

const person = (role: Participant["role"], change: Partial<Participant> = {}): Participant => ({
  id: "me",
  name: "Me",
  role,
  present: true,
  mic: false,
  cam: false,
  joinedAt: 1,
  locked: [],
  freed: [],
  ...change,
});

test("the room's locks hold for viewers, a person's own for all but moderators", () => {
  const settings = { preset: null, locks: ["microphone", "camera"] as const, entry: "open" as const, layout: null };
  const on = (who: Participant) => [...locksOn(who, { ...settings, locks: [...settings.locks] })].toSorted();
  assert.deepEqual(on(person("viewer", { freed: ["camera"], locked: ["notes"] })), ["microphone", "notes"]);
  assert.deepEqual(on(person("presenter", { locked: ["notes"] })), ["notes"]);
  assert.deepEqual(on(person("moderator", { locked: ["notes"] })), []);
});

const read = (object: unknown) => parseState(JSON.stringify(object));

test("roles, locks and the warning follow the room's events", () => {
  const settings = { preset: "discussion", locks: ["screen", "door"], entry: "ask", layout: "cinema" };
  const objects = [
    { kind: "snapshot", revision: 1, state: { room: "demo", title: "Demo", participants: [person("viewer")], ...EMPTY, settings } },
    { kind: "event", revision: 2, event: { kind: "lead", change: { kind: "role", id: "me", role: "presenter" } } },
    { kind: "event", revision: 3, event: { kind: "lead", change: { kind: "personLocks", id: "me", locked: ["camera"], freed: [] } } },
    { kind: "event", revision: 4, event: { kind: "lead", change: { kind: "unattended", endsAt: 9 } } },
  ].map(read);
  const room = objects.reduce((state, object) => (object === null ? state : reduce(state, object)), NO_ROOM);
  assert.deepEqual(room.settings, { preset: "discussion", locks: ["screen"], entry: "ask", layout: null });
  assert.deepEqual([room.participants.get("me")?.role, room.participants.get("me")?.locked, room.endsAt], ["presenter", ["camera"], 9]);
});
