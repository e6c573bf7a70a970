/**
 * The notes as this page has them: what the room said, and what this person wrote on top of it.
 *
 * There are two documents. `confirmed` has what the room said and nothing else; the one that is shown has
 * what was written here too. When the room does not take that, the shown one is made anew from the other.
 */

import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { Doc, applyUpdate, encodeStateAsUpdate } from "yjs";
import type { XmlFragment } from "yjs";
import type { Settled } from "./commands.ts";
import type { Command, Refusal } from "./messages.ts";
import { createNotesCursors } from "./notes-cursors.ts";
import type { ShownCursor } from "./notes-cursors.ts";
import { createNotesOutbox } from "./notes-outbox.ts";
import { parseNotes } from "./parse-notes.ts";
import type { Cursor, NotesSaid } from "./parse-notes.ts";

/** The name of the root in the document. */
const ROOT = "notes";
/** Marks what the room said. */
const ROOM = Symbol("room");

/** Why what was written is gone: the room's word, or that it was too much at once. */
export type Lost = { readonly refusal: Refusal } | { readonly refusal: null };

export interface NotesSync {
  /** What is shown; another one when it was made anew, null before the room has said anything. */
  readonly fragment: ReadonlySignal<XmlFragment | null>;
  /** By participant. */
  readonly cursors: ReadonlySignal<ReadonlyMap<string, ShownCursor>>;
  /** What was lost last. */
  readonly lost: ReadonlySignal<Lost | null>;
  take(text: string): void;
  point(cursor: Cursor | null): void;
  /** The room takes what this person writes, again. */
  unlocked(): void;
}

export interface NotesSyncOptions {
  readonly me: string;
  ask(command: Command): Promise<Settled> | null;
  /** Whether the room takes what this person writes. */
  mayWrite(): boolean;
  after(ms: number, wake: () => void): void;
  /** ms */
  now(): number;
}

export function createNotesSync({ me, ask, mayWrite, after, now }: NotesSyncOptions): NotesSync {
  const fragment = signal<XmlFragment | null>(null);
  const cursors = createNotesCursors({ me, after, now });
  const lost = signal<Lost | null>(null);
  let edition = -1;
  /** The editor put something in order that the room does not have. */
  let isAhead = false;
  let confirmed = new Doc();
  let shown = new Doc();

  const outbox = createNotesOutbox({
    ask,
    after,
    onRefused(refusal) {
      lost.value = { refusal };
      show();
    },
  });
  /** Shows what the room said, without what it did not take. */
  const show = (): void => {
    const before = shown;
    shown = new Doc();
    applyUpdate(shown, encodeStateAsUpdate(confirmed), ROOM);
    shown.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === ROOM) return;
      if (mayWrite()) outbox.write(update);
      else isAhead = true;
    });
    isAhead = false;
    fragment.value = shown.getXmlFragment(ROOT);
    before.destroy();
  };
  const begin = (next: number): void => {
    edition = next;
    confirmed.destroy();
    confirmed = new Doc();
    outbox.begin(next);
    cursors.clear();
  };
  const apply = (update: Uint8Array): void => {
    applyUpdate(confirmed, update, ROOM);
    applyUpdate(shown, update, ROOM);
  };
  const take = (said: NotesSaid): void => {
    if (said.kind === "document" && said.edition > edition) {
      begin(said.edition);
      applyUpdate(confirmed, said.update, ROOM);
      return show();
    }
    // Of notes that were cleared, or by the session before.
    if (said.edition !== edition) return;
    if (said.kind !== "cursor") apply(said.update);
    if (said.kind !== "document") cursors.place(said.by, said.cursor);
  };
  return {
    fragment,
    cursors: cursors.shown,
    lost,
    take(text) {
      const said = parseNotes(text);
      if (said !== null) take(said);
    },
    point(cursor) {
      if (mayWrite()) outbox.point(cursor);
    },
    unlocked() {
      if (isAhead) show();
    },
  };
}
