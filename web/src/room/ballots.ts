/**
 * Keys of this tab's ballots in anonymous polls, kept in `sessionStorage`. The room keeps a ballot
 * with its key and without the person: only who has the key can change the answer.
 */

import { asFields, parseFields } from "./fields.ts";
import { answer } from "./parse-polls.ts";
import type { Answer } from "./parse-polls.ts";
import type { SeatStorage } from "./seat.ts";

const KEY = "mosaik.ballots";
const KEY_BYTES = 16;

export interface SecretBallot {
  readonly key: string;
  /** What was answered last, if it is known. */
  readonly answer: Answer | null;
}

/** The ballot of a poll; a new key where there is none. */
export function secretBallot(storage: SeatStorage, room: string, poll: number): SecretBallot {
  const entry = asFields(read(storage, room)[poll]);
  const key = entry?.["key"];
  return typeof key === "string" && /^[0-9a-f]{32}$/.test(key) ? { key, answer: answer(entry?.["answer"]) } : { key: makeKey(), answer: null };
}

/** A full or forbidden storage costs only the way to change the answer after a reload. */
export function keepBallot(storage: SeatStorage, room: string, poll: number, ballot: SecretBallot): void {
  try {
    storage.setItem(KEY, JSON.stringify({ room, ballots: { ...read(storage, room), [poll]: ballot } }));
  } catch {
    // Nothing to tell: the answer counts all the same.
  }
}

function read(storage: SeatStorage, room: string): Readonly<Record<string, unknown>> {
  const fields = parseFields(storage.getItem(KEY) ?? "");
  return fields?.["room"] === room ? (asFields(fields["ballots"]) ?? {}) : {};
}

function makeKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(KEY_BYTES))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
