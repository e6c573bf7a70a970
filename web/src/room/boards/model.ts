/**
 * A board as this page knows it: what the room says, and over it what we drew and the room has not said
 * yet. Our changes show at once; the room's order decides in the end.
 */

import type { BoardOp } from "../messages.ts";
import type { BoardObject, KeptShape } from "./parse-board.ts";
import { placeShape } from "./shape.ts";
import { snapshotInParts } from "./snapshot.ts";

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
  const show = ({ id, ...op }: BoardOp): void => {
    const shape = ours.over(id, confirmed.get(id));
    if (shape === shown.get(id)) return;
    put(shown, id, shape, belowOf(op));
    onChange(id);
  };
  const begin = (shapes: readonly KeptShape[]): void => {
    fill(confirmed, shapes);
    fill(shown, shapes);
    for (const [id] of shapes) noteNumber(id);
    for (const op of ours.ops()) put(shown, op.id, applied(shown.get(op.id), op), belowOf(op));
    onChange(null);
  };
  const takePart = snapshotInParts({
    onPreview(shapes) {
      if (revision >= 0) return;
      fill(shown, shapes);
      onChange(null);
    },
    onWhole(of, shapes) {
      if (of < revision) return;
      revision = of;
      begin(shapes);
    },
  });
  const confirm = (op: BoardOp): void => {
    const isNew = !confirmed.has(op.id);
    put(confirmed, op.id, applied(confirmed.get(op.id), op), belowOf(op));
    noteNumber(op.id);
    // In the room's order from here on: above what others drew in between.
    const known = shown.get(op.id);
    if (isNew && known !== undefined) {
      shown.delete(op.id);
      put(shown, op.id, known, belowOf(op));
    }
    show(op);
  };

  return {
    isKnown: () => revision >= 0,
    shown,
    take(object) {
      if (object.kind !== "ops") return takePart(object);
      if (revision < 0 || object.revision <= revision) return;
      revision = object.revision;
      const said = object.by === me ? ours.said() : [];
      for (const op of object.ops) confirm(op);
      for (const op of said) show(op);
    },
    draw(ops) {
      const drawn = ours.draw(ops);
      for (const { id } of ops) noteNumber(id);
      for (const op of ops) show(op);
      return drawn;
    },
    send: ours.send,
    settle(pending) {
      if (ours.settle(pending)) for (const op of pending.ops) show(op);
    },
    nextNumber: () => (last += 1),
  };
}

function fill(shapes: Map<string, string>, all: readonly KeptShape[]): void {
  shapes.clear();
  for (const [id, shape] of all) shapes.set(id, shape);
}

const belowOf = (op: { readonly kind: string; readonly below?: string }): string | undefined => op.below;

/** A new shape lies below another one, or on top. */
function put(shapes: Map<string, string>, id: string, shape: string | undefined, below: string | undefined): void {
  if (shape === undefined) {
    shapes.delete(id);
    return;
  }
  const isBetween = below !== undefined && !shapes.has(id) && shapes.has(below);
  const above = isBetween ? [...shapes].slice([...shapes.keys()].indexOf(below)) : [];
  for (const [other] of above) shapes.delete(other);
  shapes.set(id, shape);
  for (const [other, kept] of above) shapes.set(other, kept);
}

/** What we drew and the room has not said: on its way, and behind it what is not yet. */
function underWay() {
  const sent: Pending[] = [];
  const drawn: Pending[] = [];
  const all = (): readonly BoardOp[] => [...sent, ...drawn].flatMap(({ ops }) => ops);
  return {
    ops: all,
    /** What they make of a shape. */
    over: (id: string, shape: string | undefined) => all().reduce((before, op) => (op.id === id ? applied(before, op) : before), shape),
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
