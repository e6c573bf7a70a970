/** Reads who was there when out of objects of an inbox. */

import { asFields, isCount, list } from "./fields.ts";
import type { Attendee, EarlierLesson } from "./messages.ts";

export function attendee(value: unknown): Attendee | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const { id, name, role, cameAt, leftAt, hereMs, lineMs, absentMs } = fields;
  const isWhole = typeof id === "string" && typeof name === "string" && isCount(cameAt) && (leftAt === null || isCount(leftAt));
  return isWhole && isCount(hereMs) && isCount(lineMs) && isCount(absentMs)
    ? { id, name, role: role === "moderator" ? role : "viewer", cameAt, leftAt, hereMs, lineMs, absentMs }
    : null;
}

export function earlierLesson(value: unknown): EarlierLesson | null {
  const { openedAt, closedAt, keptUntil, people } = asFields(value) ?? {};
  const everyone = list(people, attendee);
  return isCount(openedAt) && isCount(closedAt) && isCount(keptUntil) && everyone !== null ? { openedAt, closedAt, keptUntil, people: everyone } : null;
}
