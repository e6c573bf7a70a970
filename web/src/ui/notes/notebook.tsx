/**
 * The notes when they are open; loaded when that is the case for the first time, with ProseMirror and Yjs.
 *
 * For browser tests: `notes-text`, `notes-locked`, `notes-lost`, `notes-copy`, `notes-save`, `notes-clear`.
 */

import { computed, effect, useSignal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import type { EditorState } from "prosemirror-state";
import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { localTime } from "../../room/csv.ts";
import { createNotesSync } from "../../room/notes-sync.ts";
import type { Lost, NotesSync } from "../../room/notes-sync.ts";
import { Icon } from "../icon.tsx";
import { shownName } from "../lead/names.ts";
import { tint } from "../person.tsx";
import type { RoomView } from "../view.ts";
import { ownCursor } from "./cursors.ts";
import type { NamedCursor } from "./cursors.ts";
import { createEditor } from "./editor.ts";
import type { Editor } from "./editor.ts";
import { markdown } from "./markdown.ts";
import type { Notebook } from "./notes.ts";
import { Tools } from "./tools.tsx";

/** What was lost is told for so long. */
const LOST_SHOWN_MS = 12_000;

export function createNotebook(view: RoomView): Notebook {
  const mayWrite = computed(() => !view.locks.value.has("notes"));
  const sync = createNotesSync({
    me: view.store.me,
    ask: view.store.ask,
    mayWrite: () => mayWrite.peek(),
    after: (ms, wake) => void setTimeout(wake, ms),
    now: () => performance.now(),
  });
  const stop = effect(() => {
    if (mayWrite.value) sync.unlocked();
  });
  return {
    take: sync.take,
    close() {
      stop();
      sync.point(null);
    },
    Pages: () => <Pages view={view} sync={sync} />,
  };
}

interface PagesProps {
  readonly view: RoomView;
  readonly sync: NotesSync;
}

function Pages({ view, sync }: PagesProps) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useSignal<Editor | null>(null);
  const state = useSignal<EditorState | null>(null);
  const isTooMuch = useSignal(false);
  const isLocked = view.locks.value.has("notes");
  useEffect(() => {
    const end = openEditor(place.current, { view, sync, editor, state, isTooMuch });
    return () => {
      end();
      sync.point(null);
    };
  }, [view, sync]);
  return (
    <div class="notes">
      {isLocked ? <Locked /> : null}
      {editor.value === null || state.value === null || isLocked ? null : <Tools view={editor.value.view} state={state.value} />}
      <LostNote lost={sync.lost.value} />
      {isTooMuch.value ? <Told words={text.value.notes.lost.tooMuch} /> : null}
      <div ref={place} class="notes-page" data-placeholder={isLocked ? text.value.notes.emptyLocked : text.value.notes.empty} />
      <Ways view={view} editor={editor.value} />
    </div>
  );
}

interface Opening extends PagesProps {
  readonly editor: Signal<Editor | null>;
  readonly state: Signal<EditorState | null>;
  readonly isTooMuch: Signal<boolean>;
}

/** Opens it as soon as the room has said what the notes are, until the answer is called. */
function openEditor(place: HTMLElement | null, { view, sync, editor, state, isTooMuch }: Opening): () => void {
  let open: Editor | null = null;
  let hasFocus = false;
  const point = () => {
    if (open !== null) sync.point(hasFocus ? ownCursor(open.view.state) : null);
  };
  const ends = [
    effect(() => {
      const fragment = sync.fragment.value;
      if (fragment === null || place === null) return;
      if (open !== null) return open.show(fragment);
      open = createEditor(fragment, {
        place,
        label: text.peek().notes.title,
        mayWrite: () => !view.locks.peek().has("notes"),
        onChange: (next) => {
          state.value = next;
          point();
        },
        onFocus: (next) => {
          hasFocus = next;
          point();
        },
        onPastedTooMuch: () => {
          isTooMuch.value = true;
          setTimeout(() => (isTooMuch.value = false), LOST_SHOWN_MS);
        },
      });
      editor.value = open;
      state.value = open.view.state;
    }),
    effect(() => {
      const shown = named(view, sync);
      if (editor.value !== null) editor.value.showCursors(shown);
    }),
    effect(() => {
      // Whether it can be written in is asked anew with new props.
      const isOpen = !view.locks.value.has("notes");
      editor.peek()?.view.setProps({ editable: () => isOpen });
    }),
  ];
  return () => {
    ends.forEach((end) => end());
    open?.close();
  };
}

/** Names come from the room, never from a cursor. */
function named(view: RoomView, sync: NotesSync): readonly NamedCursor[] {
  const { participants } = view.store.room.value;
  return [...sync.cursors.value].flatMap(([id, { anchor, head }]) => {
    const person = participants.get(id);
    if (person?.present !== true) return [];
    return [{ id, name: person.name === "" ? "" : shownName(view, id, person.name), tint: tint(id), anchor, head }];
  });
}

function Locked() {
  return (
    <output class="notes-told" data-testid="notes-locked">
      <Icon name="lock" />
      {text.value.notes.locked}
    </output>
  );
}

function LostNote({ lost }: { readonly lost: Lost | null }) {
  const told = useSignal<Lost | null>(null);
  useEffect(() => {
    told.value = lost;
    if (lost === null) return;
    const timer = setTimeout(() => (told.value = null), LOST_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [lost]);
  return told.value === null ? null : <Told words={explain(told.value)} />;
}

function Told({ words }: { readonly words: string }) {
  return (
    <p class="notes-told" role="alert" data-testid="notes-lost">
      <Icon name="alert" />
      {words}
    </p>
  );
}

function explain({ refusal }: Lost): string {
  const { lost } = text.value.notes;
  switch (refusal?.code) {
    case "locked":
      return lost.locked;
    case "full":
      return lost.full;
    case "notThere":
      return lost.cleared;
    case undefined:
      return lost.tooMuch;
    default:
      return lost.other;
  }
}

/** What can be done with all of it. */
function Ways({ view, editor }: { readonly view: RoomView; readonly editor: Editor | null }) {
  const words = text.value.notes;
  const all = () => (editor === null ? "" : markdown(editor.view.state.doc));
  return (
    <div class="notes-ways">
      <CopyWay all={all} />
      <button type="button" class="button button-small" onClick={() => save(view.store.room.peek().room, all())} data-testid="notes-save">
        <Icon name="download" />
        {words.save}
      </button>
      {view.isModerator.value ? (
        <button type="button" class="link-button notes-clear" aria-haspopup="dialog" onClick={() => (view.dialog.value = "clearNotes")} data-testid="notes-clear">
          {words.clear}
        </button>
      ) : null}
    </div>
  );
}

function CopyWay({ all }: { readonly all: () => string }) {
  const words = text.value.notes;
  const isCopied = useSignal(false);
  const copy = () =>
    void navigator.clipboard.writeText(all()).then(
      () => (isCopied.value = true),
      () => (isCopied.value = false),
    );
  return (
    <button type="button" class="button button-small" onClick={copy} onBlur={() => (isCopied.value = false)} data-testid="notes-copy">
      <Icon name="copy" />
      <span aria-live="polite">{isCopied.value ? words.copied : words.copy}</span>
    </button>
  );
}

/** Made on this computer: nothing is fetched, and nothing is sent. */
function save(room: string, all: string): void {
  const address = URL.createObjectURL(new Blob([all], { type: "text/markdown;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${text.value.notes.file}-${room}-${localTime(Date.now()).slice(0, 10)}.md`;
  link.click();
  // The browser has the file by the time the click is done with.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
