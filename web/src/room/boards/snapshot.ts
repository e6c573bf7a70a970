/**
 * A board's snapshot as it comes: what its parts are called, then the parts, the highest shapes first. Of two
 * sessions that stand at a time parts come twice and in between each other; their names say which belong.
 */

import type { BoardObject, KeptShape } from "./parse-board.ts";

type Object = Extract<BoardObject, { readonly kind: "snapshot" | "shapes" }>;

export interface SnapshotParts {
  /** There is about twice as much as at the last look. */
  onPreview(shapes: readonly KeptShape[]): void;
  /** The lowest first. */
  onWhole(revision: number, shapes: readonly KeptShape[]): void;
}

/** Takes both kinds of objects; what belongs to no snapshot, or brings nothing new, is left out. */
export function snapshotInParts({ onPreview, onWhole }: SnapshotParts): (object: Object) => void {
  let revision = 0;
  let wanted: readonly string[] = [];
  let parts = new Map<string, readonly KeptShape[]>();
  let isDone = true;
  const shapes = (): readonly KeptShape[] => wanted.toReversed().flatMap((name) => parts.get(name) ?? []);
  return (object) => {
    if (object.kind === "snapshot") {
      // The same parts may be there already by another session.
      const known = parts;
      [revision, wanted, isDone] = [object.revision, object.parts, false];
      parts = new Map(wanted.flatMap((name) => (known.has(name) ? [[name, known.get(name) ?? []]] : [])));
    } else if (isDone || parts.has(object.part) || !wanted.includes(object.part)) {
      return;
    } else {
      parts.set(object.part, object.shapes);
    }
    if (parts.size === wanted.length) {
      onWhole(revision, shapes());
      isDone = true;
      parts = new Map();
    } else if (parts.size > 0 && Number.isInteger(Math.log2(parts.size))) {
      onPreview(shapes());
    }
  };
}
