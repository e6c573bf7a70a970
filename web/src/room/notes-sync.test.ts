/** Notes on several pages over a room that orders what it is asked. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Doc, XmlElement, XmlText, applyUpdate, encodeStateAsUpdate } from "yjs";
import type { XmlFragment } from "yjs";
import { readBase64, writeBase64 } from "./base64url.ts";
import type { Settled } from "./commands.ts";
import type { Command, Refusal } from "./messages.ts";
import { createNotesSync } from "./notes-sync.ts";
import type { NotesSync } from "./notes-sync.ts";

type Write = Extract<Extract<Command, { kind: "notes" }>["act"], { kind: "write" }>;

/** A room that orders what it is asked, and a clock that is turned by hand. */
function lesson() {
  let now = 0;
  let edition = 1;
  let refusal: Refusal | null = null;
  let objects: string[] = [JSON.stringify({ kind: "document", edition, update: writeBase64(encodeStateAsUpdate(new Doc())) })];
  const timers: { at: number; wake: () => void }[] = [];
  const pages: { sync: NotesSync; locked: boolean }[] = [];
  const asked: Command[] = [];
  const tell = (object: object) => {
    const text = JSON.stringify(object);
    objects.push(text);
    pages.forEach(({ sync }) => sync.take(text));
  };
  const ask = (by: string, command: Command): Promise<Settled> => {
    asked.push(command);
    if (command.kind !== "notes") throw new Error("not for the notes");
    const { act } = command;
    if (refusal === null && act.kind === "write") tell({ kind: "update", edition, by, update: act.update, cursor: act.cursor });
    if (refusal === null && act.kind === "point") tell({ kind: "cursor", edition, by, cursor: act.cursor });
    return Promise.resolve({ command, refusal });
  };
  return {
    asked,
    open(me: string) {
      const page = { locked: false, sync: undefined as unknown as NotesSync };
      page.sync = createNotesSync({
        me,
        ask: (command) => ask(me, command),
        mayWrite: () => !page.locked,
        after: (ms, wake) => void timers.push({ at: now + ms, wake }),
        now: () => now,
      });
      objects.forEach(page.sync.take);
      pages.push(page);
      return page;
    },
    refuse: (next: Refusal | null) => (refusal = next),
    clear() {
      edition += 1;
      objects = [];
      tell({ kind: "document", edition, update: writeBase64(encodeStateAsUpdate(new Doc())) });
    },
    async pass(ms: number) {
      const end = now + ms;
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).toSorted((one, other) => one.at - other.at)[0];
        if (due === undefined) break;
        timers.splice(timers.indexOf(due), 1);
        now = Math.max(now, due.at);
        due.wake();
        // Answers are promises.
        await new Promise((settled) => setImmediate(settled));
      }
      now = end;
    },
  };
}

function root({ sync }: { sync: NotesSync }): XmlFragment {
  const fragment = sync.fragment.peek();
  if (fragment === null) throw new Error("no notes");
  return fragment;
}

function paragraph(page: { sync: NotesSync }, words: string): void {
  const element = new XmlElement("paragraph");
  const letters = new XmlText();
  letters.insert(0, words);
  element.insert(0, [letters]);
  root(page).insert(root(page).length, [element]);
}

const seen = (page: { sync: NotesSync }) => root(page).toString();

test("two who write at once come to see the same, and so does who comes late", async () => {
  const room = lesson();
  const [ayla, ben] = [room.open("a"), room.open("b")];
  paragraph(ayla, "eins");
  paragraph(ben, "zwei");
  await room.pass(1_000);
  assert.equal(seen(ayla), seen(ben));
  assert.match(seen(ayla), /eins.*zwei|zwei.*eins/u);
  assert.equal(seen(room.open("c")), seen(ayla));
});

test("what is typed goes together, in one command at a time", async () => {
  const room = lesson();
  const ayla = room.open("a");
  paragraph(ayla, "");
  const text = (root(ayla).get(0) as XmlElement).get(0) as XmlText;
  for (const letter of "Photosynthese") text.insert(text.length, letter);
  await room.pass(1_000);
  assert.equal(room.asked.length, 1);
});

test("what a lock kept out is not shown, and is told", async () => {
  const room = lesson();
  const [ayla, ben] = [room.open("a"), room.open("b")];
  paragraph(ayla, "bleibt");
  await room.pass(1_000);
  room.refuse({ code: "locked", lock: "notes" });
  paragraph(ayla, "zu spät");
  assert.match(seen(ayla), /zu spät/u);
  await room.pass(1_000);
  assert.equal(seen(ayla), seen(ben));
  assert.deepEqual(ayla.sync.lost.peek(), { refusal: { code: "locked", lock: "notes" } });
  room.refuse(null);
  paragraph(ayla, "wieder");
  await room.pass(1_000);
  assert.match(seen(ben), /bleibt.*wieder/u);
});

test("too fast is not lost", async () => {
  const room = lesson();
  const [ayla, ben] = [room.open("a"), room.open("b")];
  room.refuse({ code: "tooFast", retryAfterMs: 700 });
  paragraph(ayla, "erst");
  await room.pass(300);
  paragraph(ayla, "dann");
  room.refuse(null);
  await room.pass(2_000);
  assert.equal(seen(ben), "<paragraph>erst</paragraph><paragraph>dann</paragraph>");
  assert.equal(ayla.sync.lost.peek(), null);
});

test("cleared notes are empty, also for who was writing", async () => {
  const room = lesson();
  const [ayla, ben] = [room.open("a"), room.open("b")];
  paragraph(ayla, "alt");
  await room.pass(1_000);
  paragraph(ayla, "noch nicht gesendet");
  room.clear();
  await room.pass(1_000);
  assert.deepEqual([seen(ayla), seen(ben)], ["", ""]);
  paragraph(ben, "neu");
  await room.pass(1_000);
  assert.equal(seen(ayla), "<paragraph>neu</paragraph>");
});

test("more than the room takes at once is not sent in vain", async () => {
  const room = lesson();
  const ayla = room.open("a");
  paragraph(ayla, "x".repeat(20_000));
  await room.pass(1_000);
  assert.equal(room.asked.length, 0);
  assert.equal(seen(ayla), "");
  assert.deepEqual(ayla.sync.lost.peek(), { refusal: null });
});

test("several updates that are too much together go one after the other", async () => {
  const room = lesson();
  const [ayla, ben] = [room.open("a"), room.open("b")];
  for (let n = 0; n < 5; n += 1) paragraph(ayla, "x".repeat(6_000));
  await room.pass(3_000);
  assert.equal(room.asked.length, 3);
  assert.equal(seen(ben), seen(ayla));
  const sizes = room.asked.map((command) => ((command as { act: Write }).act.update.length * 3) / 4);
  assert.ok(sizes.every((size) => size <= 16_384), String(sizes));
});

test("a cursor is shown to the others for half a minute", async () => {
  const room = lesson();
  const [ayla, ben] = [room.open("a"), room.open("b")];
  const place = { anchor: Uint8Array.of(1), head: Uint8Array.of(2) };
  ayla.sync.point(place);
  await room.pass(1_000);
  assert.deepEqual([...ben.sync.cursors.peek().keys()], ["a"]);
  assert.equal(ayla.sync.cursors.peek().size, 0, "not the own one");
  await room.pass(31_000);
  assert.equal(ben.sync.cursors.peek().size, 0);
  ayla.locked = true;
  ayla.sync.point(null);
  await room.pass(1_000);
  assert.equal(room.asked.length, 1);
});

test("bytes survive the way as text", () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => (index * 7) % 256);
  assert.deepEqual(readBase64(writeBase64(bytes)), bytes);
  assert.equal(readBase64("!"), null);
  const doc = new Doc();
  applyUpdate(doc, readBase64("AAA") ?? new Uint8Array());
});
