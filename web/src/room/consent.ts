/**
 * What a person agrees to: to be seen, heard and read. What they read before they do comes from the
 * server (`POST /api/consent`), and what they stated stays in this tab.
 */

import { askServer, textOf } from "./ask-server.ts";
import { agreed } from "./parse-consent.ts";
import { asFields, isCount, parseFields } from "./fields.ts";
import type { Agreed, Medium } from "./messages.ts";
import type { SeatStorage } from "./seat.ts";

const KEY = "mosaik.consent";
const PATIENCE_MS = 8_000;

/** In the order in which they are asked. */
export const MEDIA: readonly Medium[] = ["seen", "heard", "read"];

/** Nobody starts with more. */
export const NOTHING: Agreed = { seen: false, heard: false, read: false };
export const EVERYTHING: Agreed = { seen: true, heard: true, read: true };

export interface Words extends Readonly<Record<Medium, string>> {
  readonly intro: string;
}

/** A school's texts, by language. */
export interface Terms {
  readonly version: string;
  readonly de: Words;
  readonly en: Words;
  /** What this person may agree to. */
  readonly most: Agreed;
  /** For how many days the server keeps who was there when, after the room has closed. */
  readonly attendanceDays: number;
}

/** What a person stated, and the texts they had before them. */
export interface Stated {
  readonly agreed: Agreed;
  readonly texts: string | null;
}

export function within(wanted: Agreed, most: Agreed): Agreed {
  return { seen: wanted.seen && most.seen, heard: wanted.heard && most.heard, read: wanted.read && most.read };
}

export function isSame(one: Agreed, other: Agreed): boolean {
  return MEDIA.every((medium) => one[medium] === other[medium]);
}

/** null: they did not come. */
export async function askTerms(room: string, secret: string, post: typeof fetch = fetch): Promise<Terms | null> {
  const text = await textOf(askServer("/api/consent", { room, secret }, AbortSignal.timeout(PATIENCE_MS), post));
  return text === null ? null : parseTerms(text);
}

export function parseTerms(text: string): Terms | null {
  const fields = parseFields(text);
  const texts = asFields(fields?.["texts"]);
  const most = agreed(fields?.["most"]);
  const [de, en] = [words(texts?.["de"]), words(texts?.["en"])];
  const version = texts?.["version"];
  const days = fields?.["attendanceDays"];
  return typeof version !== "string" || most === null || de === null || en === null || !isCount(days) ? null : { version, de, en, most, attendanceDays: days };
}

function words(value: unknown): Words | null {
  const { intro, seen, heard, read } = asFields(value) ?? {};
  const isFine = typeof intro === "string" && typeof seen === "string" && typeof heard === "string" && typeof read === "string";
  return isFine ? { intro, seen, heard, read } : null;
}

/** What was stated in this tab for `room`; nothing otherwise. */
export function readStated(storage: SeatStorage, room: string): Stated {
  const fields = parseFields(storage.getItem(KEY) ?? "");
  const kept = fields?.["room"] === room ? agreed(fields["agreed"]) : null;
  const texts = fields?.["texts"];
  return kept === null ? { agreed: NOTHING, texts: null } : { agreed: kept, texts: typeof texts === "string" ? texts : null };
}

/** Without storage it is asked again after a reload. */
export function keepStated(storage: SeatStorage, room: string, stated: Stated): void {
  try {
    storage.setItem(KEY, JSON.stringify({ room, ...stated }));
  } catch {
    // Nothing to tell: it holds as long as this page.
  }
}
