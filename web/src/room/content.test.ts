/** Slides and files: snapshot ∘ events, out of what the room writes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseInbox, parseState } from "./parse.ts";
import { NO_ROOM, reduce } from "./reduce.ts";
import { NO_INBOX, reduceInbox } from "./inbox.ts";

const ROOM = {
  room: "demo",
  title: "Demo",
  participants: [],
  chat: [],
  polls: [],
  hands: { raised: [], called: [], asked: [], picked: [], cameras: [] },
  statuses: [],
  settings: { preset: null, locks: [], entry: "open", layout: null },
  endsAt: null,
  timer: null,
};
const DECK = { id: 1, name: "Atome.pdf", by: "a", length: 2, pages: [[1280, 720]], isComing: true };

/** The room after a snapshot and these changes, each as the room would write it. */
function after(state: object, ...events: readonly object[]) {
  const objects = [{ kind: "snapshot", revision: 1, state: { ...ROOM, ...state } }, ...events.map((event, index) => ({ kind: "event", revision: index + 2, event }))];
  return objects.reduce((room, object) => {
    const parsed = parseState(JSON.stringify(object));
    assert.ok(parsed !== null, JSON.stringify(object));
    return reduce(room, parsed);
  }, NO_ROOM);
}

const slides = (change: object) => ({ kind: "slides", change });

test("a deck is opened, grows, is shown and taken away", () => {
  const shown = { deck: 1, page: 1, by: "a" };
  const opened = after({}, slides({ kind: "opened", deck: { ...DECK, pages: [] } }), slides({ kind: "page", deck: 1, size: [1280, 720] }));
  assert.deepEqual(opened.slides, { decks: [DECK], shown: null });
  const whole = after({ slides: { decks: [DECK], shown: null } }, slides({ kind: "complete", deck: 1 }), slides({ kind: "shown", shown }));
  assert.deepEqual(whole.slides, { decks: [{ ...DECK, isComing: false }], shown });
  const gone = after({ slides: { decks: [DECK], shown } }, slides({ kind: "removed", deck: 1 }));
  assert.deepEqual(gone.slides, { decks: [], shown: null });
});

test("files come and go, and a kind that is not known yet is no reason to miss one", () => {
  const file = { id: 1, name: "a.txt", size: 10, kind: "hologram", by: "a", at: 5 };
  const { files } = after({}, { kind: "file", change: { kind: "added", file } });
  assert.deepEqual(files, [{ ...file, kind: "other" }]);
  assert.deepEqual(after({ files: [file] }, { kind: "file", change: { kind: "removed", id: 1 } }).files, []);
});

test("a room that says nothing of slides and files has none", () => {
  const room = after({});
  assert.deepEqual([room.slides, room.files], [{ decks: [], shown: null }, []]);
});

const read = (object: object) => {
  const parsed = parseInbox(JSON.stringify(object));
  assert.ok(parsed !== null);
  return parsed;
};

test("how far an upload is, and how it ended, is known by its key", () => {
  const begun = reduceInbox(NO_INBOX, read({ kind: "uploaded", upload: { key: 7, next: { group: 0, object: 5 } } }));
  assert.deepEqual([...begun.uploads], [[7, { group: 0, object: 5 }]]);
  const over = reduceInbox(begun, read({ kind: "uploadOver", upload: { key: 7, refusal: { code: "tooLarge", max: 5 } } }));
  assert.deepEqual([over.uploads.size, over.uploadsOver], [0, [{ key: 7, refusal: { code: "tooLarge", max: 5 } }]]);
});
