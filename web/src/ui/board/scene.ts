/**
 * What is on a board, ready to be painted: shapes that lie still and are kept in bitmaps, and those that
 * somebody changes now, which are painted anew with each picture.
 */

import { isSketch } from "../../room/boards/sketch.ts";
import { meets } from "./geometry.ts";
import type { Box } from "./geometry.ts";
import { paint, prepare } from "./paint.ts";
import type { Canvas2D, Painted } from "./paint.ts";

/** A stroke goes on within this time, or is finished. */
const STILL_MS = 350;
/** What a class draws at a time, and more than a class: who comes late gets thousands at once. */
const LIVE_MAX = 60;

export interface Scene {
  /** Something looks different; null: anything may. */
  change(id: string | null): void;
  /** What is still from now on goes into the bitmaps: painted over them, or they are painted anew there. */
  settle(): void;
  /** Shapes that lie still, the lowest first. */
  readonly still: ReadonlyMap<string, Painted>;
  paintLive(context: Canvas2D): void;
  hasLive(): boolean;
  get(id: string): Painted | undefined;
}

export interface SceneParts {
  readonly shown: ReadonlyMap<string, string>;
  now(): number;
  /** Bitmaps have something else in this box from now on; in none: everywhere. */
  onDirty(box: Box | null): void;
  /** Something new lies above everything else. */
  onTop(shape: Painted): void;
  /** The same below everything else, the highest first. */
  onBelow(shapes: readonly Painted[]): void;
}

interface Live {
  shape: Painted;
  /** It lies among others, not on top. */
  readonly isAmong: boolean;
  changedAt: number;
}

export function createScene({ shown, now, onDirty, onTop, onBelow }: SceneParts): Scene {
  const still = new Map<string, Painted>();
  const live = new Map<string, Live>();

  const all = (): void => {
    const before = new Map(still);
    const wasStill = live.size === 0;
    still.clear();
    live.clear();
    for (const [id, written] of shown) {
      const known = before.get(id);
      const shape = known?.written === written ? known : prepare(written, isSketch(id));
      if (shape !== null) still.set(id, shape);
    }
    const below = wasStill ? belowAll(before, still) : null;
    if (below === null) onDirty(null);
    else if (below.length > 0) onBelow(below.toReversed());
  };
  const remove = (id: string): void => {
    live.delete(id);
    const before = still.get(id);
    if (still.delete(id) && before !== undefined) onDirty(before.box);
  };
  const change = (id: string): void => {
    const written = shown.get(id);
    const shape = written === undefined ? null : prepare(written);
    if (shape === null) return remove(id);
    const known = live.get(id);
    if (known !== undefined) {
      known.shape = shape;
      known.changedAt = now();
      return;
    }
    const before = still.get(id);
    live.set(id, { shape, isAmong: before !== undefined || !isOnTop(id, shown, still), changedAt: now() });
    if (before === undefined) return;
    still.delete(id);
    onDirty(before.box);
  };
  /** In the board's order again. */
  const sort = (): void => {
    const known = new Map(still);
    still.clear();
    for (const id of shown.keys()) {
      const shape = known.get(id);
      if (shape !== undefined) still.set(id, shape);
    }
  };
  return {
    still,
    change: (id) => (id === null ? all() : change(id)),
    settle() {
      const since = now() - STILL_MS;
      const moved: Box[] = [];
      for (const [id, { shape, isAmong, changedAt }] of live) {
        if (changedAt > since && live.size <= LIVE_MAX) continue;
        live.delete(id);
        still.set(id, shape);
        if (isAmong) moved.push(shape.box);
        else onTop(shape);
      }
      if (moved.length === 0) return;
      sort();
      moved.forEach(onDirty);
    },
    paintLive: (context) => {
      for (const { shape } of live.values()) paint(context, shape);
    },
    hasLive: () => live.size > 0,
    get: (id) => live.get(id)?.shape ?? still.get(id),
  };
}

/** What lies below all that was there before, the lowest first; null where something else is another one too. */
function belowAll(before: ReadonlyMap<string, Painted>, after: ReadonlyMap<string, Painted>): readonly Painted[] | null {
  const shapes = [...after.values()];
  const added = shapes.length - before.size;
  if (before.size === 0 || added < 0) return null;
  let index = added;
  for (const shape of before.values()) if (shapes[index++] !== shape) return null;
  return shapes.slice(0, added);
}

/** Whether nothing that lies still is above it. */
function isOnTop(id: string, shown: ReadonlyMap<string, string>, still: ReadonlyMap<string, Painted>): boolean {
  let isAbove = false;
  for (const other of shown.keys()) {
    if (isAbove && still.has(other)) return false;
    isAbove ||= other === id;
  }
  return true;
}

/** Those of the shapes that meet a box, in their order. */
export function* inside(shapes: Iterable<Painted>, box: Box): Generator<Painted> {
  for (const shape of shapes) if (meets(shape.box, box)) yield shape;
}
