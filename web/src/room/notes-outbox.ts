/**
 * What this person wrote in the notes on its way to the room: together a few times a second, one command
 * at a time, so that a slow line gets fewer and larger ones.
 */

import { mergeUpdates } from "yjs";
import { writeBase64 } from "./base64url.ts";
import type { Settled } from "./commands.ts";
import type { Command, Refusal } from "./messages.ts";
import type { Cursor } from "./parse-notes.ts";

/** So long is written before it is sent. */
const TOGETHER_MS = 250;
/** A cursor that moves without writing. */
const CURSOR_EVERY_MS = 600;
/** When too much waits for the room already. */
const BUSY_MS = 1_000;
/** As `proto/src/room/limits.rs` has it. */
export const UPDATE_BYTES_MAX = 16 * 1_024;

export interface NotesOutboxOptions {
  ask(command: Command): Promise<Settled> | null;
  /** Calls back once, later. */
  after(ms: number, wake: () => void): void;
  /** What waits was not taken, and is dropped; null: it is more than can be sent at once. */
  onRefused(refusal: Refusal | null): void;
}

export interface NotesOutbox {
  write(update: Uint8Array): void;
  point(cursor: Cursor | null): void;
  /** What waits was meant for these notes; for others it is nothing. */
  begin(edition: number): void;
}

export function createNotesOutbox({ ask, after, onRefused }: NotesOutboxOptions): NotesOutbox {
  let edition: number | null = null;
  let waiting: readonly Uint8Array[] = [];
  let cursor: Cursor | null = null;
  let isPointed = true;
  /** Something is on its way, or it is too early for more. */
  let isBusy = false;

  const rest = (ms: number): void => {
    isBusy = true;
    after(ms, () => {
      isBusy = false;
      if (edition === null) return;
      if (waiting.length > 0) write(edition);
      else if (!isPointed) point(edition);
    });
  };
  const send = (command: Command, again: readonly Uint8Array[], pauseMs: number): void => {
    const answer = ask(command);
    if (answer === null) {
      waiting = [...again, ...waiting];
      return rest(BUSY_MS);
    }
    isBusy = true;
    const meant = edition;
    void answer.then(({ refusal }) => {
      if (refusal?.code === "tooFast") {
        if (meant === edition) waiting = [...again, ...waiting];
        isPointed = false;
        return rest(refusal.retryAfterMs);
      }
      if (refusal !== null && again.length > 0 && meant === edition) {
        waiting = [];
        onRefused(refusal);
      }
      rest(pauseMs);
    });
  };
  const write = (to: number): void => {
    const taken = fitting(waiting);
    const update = mergeUpdates([...taken]);
    waiting = waiting.slice(taken.length);
    if (update.length > UPDATE_BYTES_MAX) {
      waiting = [];
      return onRefused(null);
    }
    isPointed = true;
    send({ kind: "notes", act: { kind: "write", edition: to, update: writeBase64(update), cursor: said(cursor) } }, [update], TOGETHER_MS);
  };
  const point = (to: number): void => {
    isPointed = true;
    send({ kind: "notes", act: { kind: "point", edition: to, cursor: said(cursor) } }, [], CURSOR_EVERY_MS);
  };
  return {
    write(update) {
      waiting = [...waiting, update];
      if (!isBusy) rest(TOGETHER_MS);
    },
    point(next) {
      if (isSame(cursor, next)) return;
      cursor = next;
      isPointed = false;
      // What was written takes the cursor with it.
      if (!isBusy) rest(TOGETHER_MS);
    },
    begin(next) {
      edition = next;
      waiting = [];
    },
  };
}

/** As many from the first on as go together in one command; one at least. */
function fitting(updates: readonly Uint8Array[]): readonly Uint8Array[] {
  let bytes = 0;
  const end = updates.findIndex((update, index) => {
    bytes += update.length;
    return index > 0 && bytes > UPDATE_BYTES_MAX;
  });
  return end === -1 ? updates : updates.slice(0, end);
}

function said(cursor: Cursor | null): { anchor: string; head: string } | null {
  return cursor === null ? null : { anchor: writeBase64(cursor.anchor), head: writeBase64(cursor.head) };
}

function isSame(one: Cursor | null, other: Cursor | null): boolean {
  return one === other || (one !== null && other !== null && String(one.anchor) === String(other.anchor) && String(one.head) === String(other.head));
}
