/** Reads messages out of objects of the control tracks. */

import { asFields, isCount, list } from "./fields.ts";
import type { Audience, ChatChange, ChatMessage, ReactionOf } from "./messages.ts";
import { reaction } from "./parse-signs.ts";

export function chatMessage(value: unknown): ChatMessage | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const { id, author, name, text, at, replyTo, edited, pinned } = fields;
  const to = audience(fields["to"]);
  const reactions = list(fields["reactions"], reactionOf);
  if (
    !isCount(id) ||
    typeof author !== "string" ||
    typeof name !== "string" ||
    typeof text !== "string" ||
    !isCount(at) ||
    to === null ||
    reactions === null
  ) {
    return null;
  }
  return { id, author, name, to, text, at, replyTo: isCount(replyTo) ? replyTo : null, edited: edited === true, pinned: pinned === true, reactions };
}

export function chatChange(value: unknown): ChatChange | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const { kind, id, by, author, text, pinned } = fields;
  if (kind === "cleared") {
    return { kind };
  }
  if (kind === "typing") {
    return typeof by === "string" ? { kind, by } : null;
  }
  if (kind === "withdrawn") {
    return typeof author === "string" ? { kind, author } : null;
  }
  if (!isCount(id)) {
    return null;
  }
  switch (kind) {
    case "edited":
      return typeof text === "string" ? { kind, id, text } : null;
    case "deleted":
      return { kind, id };
    case "reacted":
      return typeof by === "string" ? { kind, id, by, reaction: reaction(fields["reaction"]) } : null;
    case "pinned":
      return { kind, id, pinned: pinned === true };
    default:
      return null;
  }
}

function audience(value: unknown): Audience | null {
  const fields = asFields(value);
  const { kind, id } = fields ?? {};
  if (kind === "everyone" || kind === "moderators") {
    return { kind };
  }
  return kind === "one" && typeof id === "string" ? { kind, id } : null;
}

function reactionOf(value: unknown): ReactionOf | null {
  const fields = asFields(value);
  const id = fields?.["id"];
  const which = reaction(fields?.["reaction"]);
  return typeof id !== "string" || which === null ? null : { id, reaction: which };
}
