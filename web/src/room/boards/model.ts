/**
 * A board as this page knows it: what the room says, and over it what we drew and the room has not said
 * yet. Our changes show at once; the room's order decides in the end.
 */

import type { BoardOp } from "../messages.ts";
import type { BoardObject } from "./parse-board.ts";
import { placeShape } from "./shape.ts";

/** A change of ours that is under way. */
export interface Pending {
  readonly ops: readonly BoardOp[];
}

export interface BoardModel {
  /** False before the first snapshot: nothing may be drawn yet. */
  isKnown(): boolean;
  /** Written forms by shape, the lowest first. */
  readonly shown: ReadonlyMap<string, string>;
  /** The room said something. */
  take(object: Exclude<BoardObject, { readonly kind: "pointed" }>): void;
  /** We drew something. */
  draw(ops: readonly BoardOp[]): Pending;
  /** Some of it is on its way, as one. */
  send(drawn: readonly Pending[], ops: readonly BoardOp[]): Pending;
  /** The room has said it, or will not say it. */
  settle(pending: Pending): void;
  /** A number for a shape of ours that no other has. */
  nextNumber(): number;
}

export interface ModelOptions {
  readonly me: string;
  /** Called with each shape that looks different or is gone; without one for all. */
  readonly onChange: (id: string | null) => void;
}

export function createModel({ me, onChange }: ModelOptions): BoardModel {
  const confirmed = new Map<string, string>();
  const shown = new Map<string, string>();
  const ours = underWay();
  let revision = -1;
  let last = 0;

  const noteNumber = (id: string): void => {
    if (id.startsWith(`${me}.`)) last = Math.max(last, Number(id.slice(me.length + 1)));
  };
  const show = (id: string): void => {
    const shape = ours.ops().reduce((before, op) => (op.id === id ? applied(before, op) : before), confirmed.get(id));
    if (shape === shown.get(id)) return;
    put(shown, id, shape);
    onChange(id);
  };
  const begin = (shapes: Iterable<readonly [string, string]>): void => {
    confirmed.clear();
    shown.clear();
    for (const [id, shape] of shapes) {
      confirmed.set(id, shape);
      shown.set(id, shape);
      noteNumber(id);
    }
    for (const op of ours.ops()) put(shown, op.id, applied(shown.get(op.id), op));
    onChange(null);
  };
  const confirm = (op: BoardOp): void => {
    const isNew = !confirmed.has(op.id);
    put(confirmed, op.id, applied(confirmed.get(op.id), op));
    noteNumber(op.id);
    // In the room's order from here on: above what others drew in between.
    const known = shown.get(op.id);
    if (isNew && known !== undefined) {
      shown.delete(op.id);
      shown.set(op.id, known);
    }
    show(op.id);
  };

  return {
    isKnown: () => revision >= 0,
    shown,
    take(object) {
      const isNews = object.kind === "snapshot" ? object.revision >= revision : revision >= 0 && object.revision > revision;
      if (!isNews) return;
      revision = object.revision;
      if (object.kind === "snapshot") return begin(object.shapes);
      const said = object.by === me ? ours.said() : [];
      for (const op of object.ops) confirm(op);
      for (const op of said) show(op.id);
    },
    draw(ops) {
      const drawn = ours.draw(ops);
      for (const op of ops) {
        noteNumber(op.id);
        show(op.id);
      }
      return drawn;
    },
    send: ours.send,
    settle(pending) {
      if (ours.settle(pending)) for (const op of pending.ops) show(op.id);
    },
    nextNumber: () => (last += 1),
  };
}

function put(shapes: Map<string, string>, id: string, shape: string | undefined): void {
  if (shape === undefined) shapes.delete(id);
  else shapes.set(id, shape);
}

/** What we drew and the room has not said: on its way, and behind it what is not yet. */
function underWay() {
  const sent: Pending[] = [];
  const drawn: Pending[] = [];
  return {
    ops: (): readonly BoardOp[] => [...sent, ...drawn].flatMap(({ ops }) => ops),
    draw(ops: readonly BoardOp[]): Pending {
      const entry = { ops };
      drawn.push(entry);
      return entry;
    },
    send(entries: readonly Pending[], ops: readonly BoardOp[]): Pending {
      for (const entry of entries) take(drawn, entry);
      const entry = { ops };
      sent.push(entry);
      return entry;
    },
    /** The room said the next of ours: it says them in the order in which we asked. */
    said: (): readonly BoardOp[] => sent.shift()?.ops ?? [],
    settle: (entry: Pending): boolean => take(sent, entry) || take(drawn, entry),
  };
}

function take(from: Pending[], entry: Pending): boolean {
  const place = from.indexOf(entry);
  if (place >= 0) from.splice(place, 1);
  return place >= 0;
}

/** What becomes of a shape; doing it twice is doing it once. */
export function applied(shape: string | undefined, op: BoardOp): string | undefined {
  switch (op.kind) {
    case "put":
      return op.shape;
    case "remove":
      return undefined;
    case "place":
      return shape === undefined ? undefined : placeShape(shape, op.x, op.y);
    case "extend":
      return shape?.length === op.at ? shape + op.points : shape;
  }
}
