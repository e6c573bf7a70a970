/** Reads consent out of objects of the control tracks. */

import { asFields } from "./fields.ts";
import type { Agreed, ConsentOf, Medium } from "./messages.ts";

export function agreed(value: unknown): Agreed | null {
  const { seen, heard, read } = asFields(value) ?? {};
  return typeof seen === "boolean" && typeof heard === "boolean" && typeof read === "boolean" ? { seen, heard, read } : null;
}

export function consentOf(value: unknown): ConsentOf | null {
  const fields = asFields(value);
  const consent = asFields(fields?.["consent"]);
  const [is, most] = [agreed(consent?.["agreed"]), agreed(consent?.["most"])];
  const texts = consent?.["texts"];
  const id = fields?.["id"];
  return typeof id !== "string" || is === null || most === null
    ? null
    : { id, consent: { agreed: is, most, texts: typeof texts === "string" ? texts : null } };
}

export function medium(value: unknown): Medium | null {
  return value === "seen" || value === "heard" || value === "read" ? value : null;
}
