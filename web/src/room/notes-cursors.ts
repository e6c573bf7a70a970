/** Where the others are in the notes, as they said it last. */

import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Cursor } from "./parse-notes.ts";

/** A cursor that says nothing is shown for so long. */
const SHOWN_MS = 30_000;

export interface ShownCursor extends Cursor {
  readonly until: number;
}

export interface NotesCursors {
  /** By participant. */
  readonly shown: ReadonlySignal<ReadonlyMap<string, ShownCursor>>;
  place(by: string, cursor: Cursor | null): void;
  clear(): void;
}

export interface NotesCursorsOptions {
  readonly me: string;
  after(ms: number, wake: () => void): void;
  /** ms */
  now(): number;
}

export function createNotesCursors({ me, after, now }: NotesCursorsOptions): NotesCursors {
  const shown = signal<ReadonlyMap<string, ShownCursor>>(new Map());
  const current = (): Map<string, ShownCursor> => new Map([...shown.peek()].filter(([, { until }]) => until > now()));
  const forget = (): void => {
    const next = current();
    if (next.size !== shown.peek().size) shown.value = next;
  };
  return {
    shown,
    place(by, cursor) {
      if (by === me) return;
      const next = current();
      next.delete(by);
      if (cursor !== null) {
        next.set(by, { ...cursor, until: now() + SHOWN_MS });
        after(SHOWN_MS + 1, forget);
      }
      shown.value = next;
    },
    clear: () => (shown.value = new Map()),
  };
}
