/** Reads roles, locks and the door out of objects of the control tracks. */

import { asFields, isCount, list } from "./fields.ts";
import { LAYOUTS, LOCKS, PRESETS } from "./locks.ts";
import type { DoorNews, DoorSnapshot, Entry, LeadChange, Lock, Role, RoomSettings, WaitingPerson } from "./messages.ts";

export function isRole(value: unknown): value is Role {
  return value === "moderator" || value === "presenter" || value === "viewer";
}

/** Locks this page does not know lock nothing that it has. */
export function locks(value: unknown): Lock[] {
  return Array.isArray(value) ? LOCKS.filter((lock) => value.includes(lock)) : [];
}

export function settings(value: unknown): RoomSettings | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const preset = PRESETS.find((name) => name === fields["preset"]) ?? null;
  const layout = LAYOUTS.find((name) => name === fields["layout"]) ?? null;
  return { preset, locks: locks(fields["locks"]), entry: entry(fields["entry"]), layout };
}

function entry(value: unknown): Entry {
  return value === "ask" || value === "closed" ? value : "open";
}

export function endsAt(value: unknown): number | null {
  return isCount(value) ? value : null;
}

export function leadChange(value: unknown): LeadChange | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const { id, role } = fields;
  switch (fields["kind"]) {
    case "role":
      return typeof id === "string" && isRole(role) ? { kind: "role", id, role } : null;
    case "settings": {
      const next = settings(fields["settings"]);
      return next === null ? null : { kind: "settings", settings: next };
    }
    case "personLocks":
      return typeof id === "string" ? { kind: "personLocks", id, locked: locks(fields["locked"]), freed: locks(fields["freed"]) } : null;
    case "unattended":
      return { kind: "unattended", endsAt: endsAt(fields["endsAt"]) };
    default:
      return null;
  }
}

export function doorSnapshot(value: unknown): DoorSnapshot | null {
  const fields = asFields(value);
  const waiting = list(fields?.["waiting"] ?? [], waitingPerson);
  const place = fields?.["place"];
  if (fields === null || waiting === null || (place !== "waiting" && place !== "inside")) {
    return null;
  }
  return { place, notice: notice(fields["notice"]), waiting };
}

export function doorNews(value: unknown): DoorNews | null {
  const fields = asFields(value);
  switch (fields?.["kind"]) {
    case "waits": {
      const person = waitingPerson(fields["person"]);
      return person === null ? null : { kind: "waits", person };
    }
    case "waitsNoMore": {
      const { id } = fields;
      return typeof id === "string" ? { kind: "waitsNoMore", id } : null;
    }
    case "letIn":
      return { kind: "letIn" };
    case "notice":
      return { kind: "notice", text: notice(fields["text"]) };
    default:
      return null;
  }
}

function notice(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function waitingPerson(value: unknown): WaitingPerson | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const { id, name, since } = fields;
  return typeof id === "string" && typeof name === "string" && isCount(since) ? { id, name, since } : null;
}
