/** Boards that are read now: each once, however often it is shown. */

import { createHistory } from "../../room/boards/undo.ts";
import type { History } from "../../room/boards/undo.ts";
import { createModel } from "../../room/boards/model.ts";
import type { BoardModel } from "../../room/boards/model.ts";
import { parseBoard } from "../../room/boards/parse-board.ts";
import { createSender } from "../../room/boards/sender.ts";
import type { Sender } from "../../room/boards/sender.ts";
import { signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { RoomView } from "../view.ts";
import type { Pointing } from "./surface.ts";

/** A shape changed; null: all may have; undefined: somebody points elsewhere. */
type Listener = (id: string | null | undefined) => void;

export interface BoardReader {
  readonly model: BoardModel;
  readonly sender: Sender;
  readonly history: History;
  /** Rises when there is something else to undo. */
  readonly steps: ReadonlySignal<number>;
  readonly pointers: ReadonlyMap<string, Pointing>;
  /** How many shapes there are; null before anything is known. */
  readonly count: ReadonlySignal<number | null>;
  /** As many are to be seen, of which some may be sketches. */
  readonly seen: ReadonlySignal<number>;
  /** Rises when something else is written. */
  readonly written: ReadonlySignal<number>;
  listen(listener: Listener): () => void;
}

interface Kept {
  readonly reader: BoardReader;
  readonly close: () => void;
  users: number;
}

interface Past {
  readonly history: History;
  readonly steps: Signal<number>;
}

const open = new WeakMap<RoomView, Map<string, Kept>>();
/** What this person can undo outlives the look at another page. */
const pasts = new WeakMap<RoomView, Map<string, Past>>();

/** Reads a board until `close`. */
export function readBoard(view: RoomView, board: string): { readonly reader: BoardReader; readonly close: () => void } {
  const all = entry(open, view);
  const kept = all.get(board) ?? start(view, board);
  all.set(board, kept);
  kept.users += 1;
  return {
    reader: kept.reader,
    close() {
      kept.users -= 1;
      if (kept.users > 0) return;
      all.delete(board);
      kept.close();
    },
  };
}

function start(view: RoomView, board: string): Kept {
  const { store } = view;
  const listeners = new Set<Listener>();
  const pointers = new Map<string, Pointing>();
  const count = signal<number | null>(null);
  const seen = signal(0);
  const written = signal(0);
  const tell: Listener = (id) => {
    seen.value = model.shown.size;
    if (model.isKnown()) count.value = model.shown.size;
    if (id === null || model.shown.get(id ?? "")?.startsWith("t") === true) written.value += 1;
    for (const listener of listeners) listener(id);
  };
  const model = createModel({ me: store.me, onChange: tell });
  const sender = createSender({ board, model, ask: store.ask, onRefused: view.refuse });
  const { history, steps } = past(view, board);
  const forget = view.boards.follow(board, (text) => {
    const object = parseBoard(text);
    if (object?.kind !== "pointed") {
      if (object !== null) model.take(object);
      return;
    }
    if (object.at === null) pointers.delete(object.by);
    else {
      const [x, y] = object.at;
      const name = object.by === store.me ? "" : (store.room.peek().participants.get(object.by)?.name ?? "");
      pointers.set(object.by, { x, y, name, at: performance.now() });
    }
    tell(undefined);
  });
  const listen = (listener: Listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const close = () => {
    sender.close();
    forget();
  };
  return { reader: { model, sender, history, steps, pointers, count, seen, written, listen }, close, users: 0 };
}

function past(view: RoomView, board: string): Past {
  const all = entry(pasts, view);
  const known = all.get(board);
  if (known !== undefined) return known;
  const steps = signal(0);
  const made = { history: createHistory(() => (steps.value += 1)), steps };
  all.set(board, made);
  return made;
}

function entry<T>(all: WeakMap<RoomView, Map<string, T>>, view: RoomView): Map<string, T> {
  const known = all.get(view) ?? new Map<string, T>();
  all.set(view, known);
  return known;
}
