/**
 * A board's snapshot as it comes: what its parts are called, then the parts, the highest shapes first, and of a large
 * page sketches before them. Of two sessions that stand at a time parts come twice and in between each other; their
 * names say which belong.
 */

import type { BoardObject, KeptShape } from "./parse-board.ts";

type Object = Extract<BoardObject, { readonly kind: "snapshot" | "shapes" | "sketch" }>;

/** Sketches lie below what is there: so many more are painted beside it, while the next ones come. */
const SKETCHES = 4;

export interface SnapshotParts {
  /** There is about twice as much as at the last look, or some more of it in sketches. */
  onPreview(shapes: readonly KeptShape[]): void;
  /** The lowest first. */
  onWhole(revision: number, shapes: readonly KeptShape[]): void;
}

/** Takes both kinds of objects; what belongs to no snapshot, or brings nothing new, is left out. */
export function snapshotInParts({ onPreview, onWhole }: SnapshotParts): (object: Object) => void {
  let revision = 0;
  let wanted: readonly string[] = [];
  let parts = new Map<string, readonly KeptShape[]>();
  /** Of parts that are not there. */
  let sketches = new Map<string, readonly KeptShape[]>();
  let isDone = true;
  const shapes = (): readonly KeptShape[] => wanted.toReversed().flatMap((name) => parts.get(name) ?? sketches.get(name) ?? []);
  const begin = (of: number, names: readonly string[]): void => {
    // The same parts may be there already by another session.
    const known = <T>(all: ReadonlyMap<string, T>) => new Map([...all].filter(([name]) => names.includes(name)));
    [revision, wanted, isDone] = [of, names, false];
    [parts, sketches] = [known(parts), known(sketches)];
  };
  const isWorthALook = (kind: "shapes" | "sketch"): boolean => {
    const hasGaps = parts.size + sketches.size < wanted.length;
    const count = kind === "shapes" ? parts.size : sketches.size;
    const isTwice = Number.isInteger(Math.log2(count));
    if (kind === "sketch") return isTwice || !hasGaps || count % SKETCHES === 0;
    // What takes the place of sketches has all of it painted anew: once, half way.
    return hasGaps ? isTwice : count === Math.floor(wanted.length / 2);
  };
  return (object) => {
    if (object.kind === "snapshot") {
      begin(object.revision, object.parts);
    } else if (isDone || parts.has(object.part) || !wanted.includes(object.part)) {
      return;
    } else if (object.kind === "sketch") {
      sketches.set(object.part, object.shapes);
    } else {
      parts.set(object.part, object.shapes);
      sketches.delete(object.part);
    }
    if (parts.size === wanted.length) {
      onWhole(revision, shapes());
      isDone = true;
      parts = new Map();
    } else if (isWorthALook(object.kind === "sketch" ? "sketch" : "shapes")) {
      onPreview(shapes());
    }
  };
}
