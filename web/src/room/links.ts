/** The links into our room, for those who lead it: `POST /api/links`. */

import { askServer, textOf } from "./ask-server.ts";
import { EVERYTHING } from "./consent.ts";
import { asFields, isCount, list, parseFields } from "./fields.ts";
import type { Agreed } from "./messages.ts";
import { agreed } from "./parse-consent.ts";

const PATIENCE_MS = 8_000;

export interface InviteLink {
  /** The participant it is for; null for the whole class. */
  readonly id: string | null;
  readonly name: string | null;
  readonly secret: string;
  /** What this person may agree to. */
  readonly most: Agreed;
  /** null: it does not end. */
  readonly endsInMs: number | null;
}

export type LinkAct =
  | { readonly kind: "list" }
  | { readonly kind: "renew"; readonly lastsMinutes: number | null }
  | { readonly kind: "invite"; readonly name: string; readonly lastsMinutes: number | null; readonly most: Agreed }
  | { readonly kind: "revoke"; readonly id: string };

/** All links after `act`, the class's first; null when it was not done. */
export async function askLinks(room: string, resume: string, act: LinkAct, post: typeof fetch = fetch): Promise<readonly InviteLink[] | null> {
  const text = await textOf(askServer("/api/links", { room, resume, act }, AbortSignal.timeout(PATIENCE_MS), post));
  return text === null ? null : parseLinks(text);
}

export function parseLinks(text: string): readonly InviteLink[] | null {
  return list(parseFields(text)?.["links"], link);
}

/** Where a link leads. */
export function addressOf(origin: string, room: string, { secret }: InviteLink): string {
  return `${origin}/#${room}/${secret}`;
}

function link(value: unknown): InviteLink | null {
  const fields = asFields(value);
  if (fields === null || typeof fields["secret"] !== "string") {
    return null;
  }
  const { id, name, secret, endsInMs } = fields;
  return {
    id: typeof id === "string" ? id : null,
    name: typeof name === "string" ? name : null,
    secret,
    most: agreed(fields["most"]) ?? EVERYTHING,
    endsInMs: isCount(endsInMs) ? endsInMs : null,
  };
}
