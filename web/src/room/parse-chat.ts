/** Reads messages out of objects of the control tracks. */

import { asFields, isCount } from "./fields.ts";
import type { ChatMessage } from "./messages.ts";

export function chatMessage(value: unknown): ChatMessage | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const { id, author, name, text, at } = fields;
  if (!isCount(id) || typeof author !== "string" || typeof name !== "string" || typeof text !== "string" || !isCount(at)) {
    return null;
  }
  return { id, author, name, text, at };
}
