/** Undoing and doing again what this person did: the opposite is one more change of the board. */

import type { BoardOp } from "../messages.ts";
import { decodeShape } from "./shape.ts";

/** So many steps back are enough for a lesson. */
const STEPS_MAX = 200;

export interface History {
  /** Notes what was done, by what undoes it. */
  note(inverse: readonly BoardOp[]): void;
  undo(perform: Perform): void;
  redo(perform: Perform): void;
  canUndo(): boolean;
  canRedo(): boolean;
}

/** Does it and gives what undoes it. */
type Perform = (ops: readonly BoardOp[]) => readonly BoardOp[];

export function createHistory(onChange: () => void): History {
  const done: (readonly BoardOp[])[] = [];
  const undone: (readonly BoardOp[])[] = [];
  const move = (from: (readonly BoardOp[])[], to: (readonly BoardOp[])[], perform: Perform): void => {
    const ops = from.pop();
    if (ops !== undefined) to.push(perform(ops));
    onChange();
  };
  return {
    note(inverse) {
      if (inverse.length === 0) return;
      done.push(inverse);
      if (done.length > STEPS_MAX) done.shift();
      undone.length = 0;
      onChange();
    },
    undo: (perform) => move(done, undone, perform),
    redo: (perform) => move(undone, done, perform),
    canUndo: () => done.length > 0,
    canRedo: () => undone.length > 0,
  };
}

/** What undoes `ops` on a board that shows `shown`, before they are done. */
export function inverseOf(ops: readonly BoardOp[], shown: ReadonlyMap<string, string>): readonly BoardOp[] {
  const inverse: BoardOp[] = [];
  const seen = new Set<string>();
  const above = ops.some(({ kind }) => kind === "remove") ? nextAbove(shown) : new Map<string, string>();
  for (const op of ops) {
    if (seen.has(op.id)) continue;
    seen.add(op.id);
    const before = shown.get(op.id);
    const undoing = before === undefined ? whatUndoesNew(op) : whatUndoes(op, before, above.get(op.id));
    if (undoing !== null) inverse.push(undoing);
  }
  // From the highest on: what comes back lies below what came back before it.
  const order = new Map([...shown.keys()].map((id, place) => [id, place]));
  return inverse.toSorted((a, b) => (order.get(b.id) ?? 0) - (order.get(a.id) ?? 0));
}

/** By shape the one that lies right above it. */
function nextAbove(shown: ReadonlyMap<string, string>): Map<string, string> {
  const above = new Map<string, string>();
  let below: string | undefined;
  for (const id of shown.keys()) {
    if (below !== undefined) above.set(below, id);
    below = id;
  }
  return above;
}

const whatUndoesNew = (op: BoardOp): BoardOp | null => (op.kind === "put" ? { kind: "remove", id: op.id } : null);

function whatUndoes(op: BoardOp, before: string, above: string | undefined): BoardOp | null {
  const [first] = decodeShape(before)?.points ?? [];
  return op.kind === "place" && first !== undefined
    ? { kind: "place", id: op.id, x: first[0], y: first[1] }
    : { kind: "put", id: op.id, shape: before, ...(above !== undefined && { below: above }) };
}
