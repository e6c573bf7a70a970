/** Reads objects of the `notes` track: text from the network in, typed values or null out. */

import { readBase64 } from "./base64url.ts";
import { asFields, isCount, parseFields } from "./fields.ts";

/** Places as Yjs writes them. */
export interface Cursor {
  readonly anchor: Uint8Array;
  readonly head: Uint8Array;
}

export type NotesSaid =
  | { readonly kind: "document"; readonly edition: number; readonly update: Uint8Array }
  | { readonly kind: "update"; readonly edition: number; readonly by: string; readonly update: Uint8Array; readonly cursor: Cursor | null }
  | { readonly kind: "cursor"; readonly edition: number; readonly by: string; readonly cursor: Cursor | null };

export function parseNotes(text: string): NotesSaid | null {
  const fields = parseFields(text);
  const { kind, edition, by } = fields ?? {};
  if (!isCount(edition)) {
    return null;
  }
  if (kind === "cursor") {
    return typeof by === "string" ? { kind, edition, by, cursor: cursor(fields?.["cursor"]) } : null;
  }
  const update = bytes(fields?.["update"]);
  if (update === null) {
    return null;
  }
  if (kind === "update") {
    return typeof by === "string" ? { kind, edition, by, update, cursor: cursor(fields?.["cursor"]) } : null;
  }
  return kind === "document" ? { kind, edition, update } : null;
}

/** One that cannot be read is none. */
function cursor(value: unknown): Cursor | null {
  const fields = asFields(value);
  const anchor = bytes(fields?.["anchor"]);
  const head = bytes(fields?.["head"]);
  return anchor === null || head === null ? null : { anchor, head };
}

function bytes(value: unknown): Uint8Array | null {
  return typeof value === "string" ? readBase64(value) : null;
}
