/** Reads statuses and reactions out of objects of the control tracks. */

import { asFields } from "./fields.ts";
import type { Reaction, SignChange, Status, StatusOf } from "./messages.ts";

/** In the order in which they are offered. */
export const STATUSES: readonly Status[] = ["finished", "needHelp", "tooFast", "tooSlow", "agree", "disagree", "backSoon"];
export const REACTIONS: readonly Reaction[] = ["thumbsUp", "bravo", "heart", "laugh", "surprised", "party"];

export function statusOf(value: unknown): StatusOf | null {
  const fields = asFields(value);
  const id = fields?.["id"];
  const is = status(fields?.["status"]);
  return typeof id !== "string" || is === null ? null : { id, status: is };
}

export function signChange(value: unknown): SignChange | null {
  const fields = asFields(value);
  const kind = fields?.["kind"];
  const id = fields?.["id"];
  if (kind === "statusesCleared") {
    return { kind };
  }
  if (typeof id !== "string") {
    return null;
  }
  if (kind === "status") {
    return { kind, id, status: status(fields?.["status"]) };
  }
  const how = reaction(fields?.["reaction"]);
  return kind === "reacted" && how !== null ? { kind, id, reaction: how } : null;
}

export function reaction(value: unknown): Reaction | null {
  return REACTIONS.find((known) => known === value) ?? null;
}

function status(value: unknown): Status | null {
  return STATUSES.find((known) => known === value) ?? null;
}
