/** Reads objects of a `board` track. */

import { asFields, isCount, list, parseFields } from "../fields.ts";
import type { BoardOp } from "../messages.ts";
import { parseSketch } from "./sketch.ts";

/** A shape of a snapshot: its name and its written form. */
export type KeptShape = readonly [id: string, shape: string];

export type BoardObject =
  | { readonly kind: "snapshot"; readonly revision: number; readonly parts: readonly string[] }
  | { readonly kind: "shapes"; readonly part: string; readonly shapes: readonly KeptShape[] }
  | { readonly kind: "sketch"; readonly part: string; readonly shapes: readonly KeptShape[] }
  | { readonly kind: "ops"; readonly revision: number; readonly by: string; readonly ops: readonly BoardOp[] }
  | { readonly kind: "pointed"; readonly by: string; readonly at: readonly [number, number] | null };

/** What cannot be read is null. */
export function parseBoard(text: string): BoardObject | null {
  const fields = parseFields(text);
  const { kind, revision, by } = fields ?? {};
  if (fields === null) {
    return null;
  }
  if (kind === "snapshot") {
    const parts = list(fields["parts"], partName);
    return isCount(revision) && parts !== null ? { kind, revision, parts } : null;
  }
  if (kind === "shapes" || kind === "sketch") {
    const part = partName(fields["part"]);
    const shapes = kind === "sketch" ? parseSketch(part ?? "", fields) : kept(fields["authors"], fields["shapes"]);
    return part !== null && shapes !== null ? { kind, part, shapes } : null;
  }
  if (typeof by !== "string") {
    return null;
  }
  if (kind === "pointed") {
    return { kind, by, at: place(fields["at"]) };
  }
  const raw: unknown = fields["ops"];
  if (kind !== "ops" || !isCount(revision) || !Array.isArray(raw)) {
    return null;
  }
  const ops = raw.map(op).filter((read) => read !== null);
  return { kind, revision, by, ops };
}

/** Which it is, and of which revision. */
function partName(value: unknown): string | null {
  const [number, revision]: unknown[] = Array.isArray(value) ? value : [];
  return isCount(number) && isCount(revision) ? `${number}.${revision}` : null;
}

function kept(authors: unknown, shapes: unknown): KeptShape[] | null {
  if (!Array.isArray(authors) || !Array.isArray(shapes)) {
    return null;
  }
  const all: KeptShape[] = [];
  for (const entry of shapes) {
    const [author, number, shape]: unknown[] = Array.isArray(entry) ? entry : [];
    const by: unknown = typeof author === "number" ? authors[author] : undefined;
    if (typeof by === "string" && isCount(number) && typeof shape === "string") {
      all.push([`${by}.${number}`, shape]);
    }
  }
  return all;
}

function op(value: unknown): BoardOp | null {
  const { kind, id, shape, below, at, points, x, y } = asFields(value) ?? {};
  if (typeof id !== "string") {
    return null;
  }
  switch (kind) {
    case "put":
      return typeof shape === "string" ? { kind, id, shape, ...(typeof below === "string" && { below }) } : null;
    case "extend":
      return isCount(at) && typeof points === "string" ? { kind, id, at, points } : null;
    case "place":
      return typeof x === "number" && typeof y === "number" ? { kind, id, x, y } : null;
    case "remove":
      return { kind, id };
    default:
      return null;
  }
}

function place(value: unknown): readonly [number, number] | null {
  if (!Array.isArray(value)) {
    return null;
  }
  const [x, y]: unknown[] = value;
  return typeof x === "number" && typeof y === "number" ? [x, y] : null;
}
