/** Reads the log of what moderators did out of objects of an inbox. */

import { asFields, isCount } from "./fields.ts";
import type { LogEntry, LoggedAct, LoggedPerson } from "./messages.ts";

const ACTS = [
  "chatCleared",
  "messageDeleted",
  "handLowered",
  "handsLowered",
  "statusesCleared",
  "pollRemoved",
  "boardCleared",
  "notesCleared",
  "fileRemoved",
  "slidesRemoved",
  "attendanceForgotten",
  "roleGiven",
  "locksSet",
  "layoutSet",
  "personLocksSet",
  "breakoutsOpened",
  "breakoutsClosed",
  "entrySet",
  "letIn",
  "allLetIn",
  "turnedAway",
  "removed",
  "banned",
  "flooded",
] as const satisfies readonly LoggedAct[];

/** What one that we do not know means nobody can say: the list goes on without it. */
export function logEntry(value: unknown): LogEntry | "unknown" | null {
  const fields = asFields(value);
  const by = person(fields?.["by"]);
  if (fields === null || by === null || !isCount(fields["at"])) {
    return null;
  }
  const act = ACTS.find((known) => known === fields["act"]);
  return act === undefined ? "unknown" : { at: fields["at"], act, by, whom: person(fields["whom"]) };
}

function person(value: unknown): LoggedPerson | null {
  const { id, name } = asFields(value) ?? {};
  return typeof id === "string" && typeof name === "string" ? { id, name } : null;
}
