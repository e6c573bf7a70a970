/** Questions that a teacher has prepared: kept in this browser, on no server. */

import { asFields, list, parseFields } from "./fields.ts";
import type { PollDraft } from "./messages.ts";
import { form } from "./parse-polls.ts";

const KEY = "mosaik.questions";
/** More than a school year needs, less than a browser keeps. */
export const PREPARED_MAX = 200;

/** Asking for it may throw: some private windows forbid it. */
export type OpenStorage = () => Pick<Storage, "getItem" | "setItem">;

export function readPrepared(open: OpenStorage): readonly PollDraft[] {
  try {
    return list(parseFields(open().getItem(KEY) ?? "")?.["questions"], draft) ?? [];
  } catch {
    return [];
  }
}

/** False when the browser does not keep them. */
export function keepPrepared(open: OpenStorage, questions: readonly PollDraft[]): boolean {
  try {
    open().setItem(KEY, JSON.stringify({ questions: questions.slice(-PREPARED_MAX) }));
    return true;
  } catch {
    return false;
  }
}

function draft(value: unknown): PollDraft | null {
  const fields = asFields(value);
  const { question, anonymous } = fields ?? {};
  const how = form(fields?.["form"]);
  return typeof question !== "string" || typeof anonymous !== "boolean" || how === null ? null : { question, form: how, anonymous };
}
