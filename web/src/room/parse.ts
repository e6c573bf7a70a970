/**
 * Reads objects of the control tracks: text from the network in, typed values or null out.
 *
 * Kinds this page does not know give null too: a newer room may say more than we understand, and
 * the next snapshot makes up for it.
 */

import type {
  ChatMessage,
  CloseReason,
  InboxObject,
  Participant,
  Refusal,
  RefusedCommand,
  RoomEvent,
  RoomSnapshot,
  StateObject,
} from "./messages.ts";

/** Largest object we read: 2,000 messages of 2,000 characters, escaped, stay below it. */
const OBJECT_TEXT_MAX = 32 * 1024 * 1024;

/** Lists longer than this come from no room of ours. */
const LIST_MAX = 10_000;

type Fields = Readonly<Record<string, unknown>>;

export function parseState(text: string): StateObject | null {
  const fields = parseFields(text);
  if (fields === null || !isCount(fields["revision"])) {
    return null;
  }
  const revision = fields["revision"];
  if (fields["kind"] === "snapshot") {
    const state = snapshot(fields["state"]);
    return state === null ? null : { kind: "snapshot", revision, state };
  }
  if (fields["kind"] === "event") {
    const event = roomEvent(fields["event"]);
    return event === null ? null : { kind: "event", revision, event };
  }
  return null;
}

export function parseInbox(text: string): InboxObject | null {
  const fields = parseFields(text);
  if (fields === null) {
    return null;
  }
  switch (fields["kind"]) {
    case "snapshot": {
      const refused = list(fields["refused"] ?? [], refusedCommand);
      return isCount(fields["acknowledged"]) && refused !== null
        ? { kind: "snapshot", acknowledged: fields["acknowledged"], refused }
        : null;
    }
    case "acknowledged":
      return isCount(fields["number"]) ? { kind: "acknowledged", number: fields["number"] } : null;
    case "refused": {
      const entry = refusedCommand(fields);
      return entry === null ? null : { kind: "refused", ...entry };
    }
    case "closed":
      return { kind: "closed", reason: closeReason(fields["reason"]) };
    default:
      return null;
  }
}

/** The fields of a JSON object, or null for anything else. */
export function parseFields(text: string): Fields | null {
  if (text.length > OBJECT_TEXT_MAX) {
    return null;
  }
  try {
    return asFields(JSON.parse(text));
  } catch {
    return null;
  }
}

function snapshot(value: unknown): RoomSnapshot | null {
  const fields = asFields(value);
  if (fields === null || typeof fields["room"] !== "string" || typeof fields["title"] !== "string") {
    return null;
  }
  const participants = list(fields["participants"], participant);
  const chat = list(fields["chat"], chatMessage);
  return participants === null || chat === null
    ? null
    : { room: fields["room"], title: fields["title"], participants, chat };
}

function roomEvent(value: unknown): RoomEvent | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const { id, mic, cam, present, reason } = fields;
  switch (fields["kind"]) {
    case "joined": {
      const someone = participant(fields["participant"]);
      return someone === null ? null : { kind: "joined", participant: someone };
    }
    case "said": {
      const message = chatMessage(fields["message"]);
      return message === null ? null : { kind: "said", message };
    }
    case "presence":
      return typeof id === "string" && typeof present === "boolean" ? { kind: "presence", id, present } : null;
    case "left":
      return typeof id === "string" ? { kind: "left", id } : null;
    case "sources":
      return typeof id === "string" && typeof mic === "boolean" && typeof cam === "boolean"
        ? { kind: "sources", id, mic, cam }
        : null;
    case "ended":
      return { kind: "ended", reason: reason === "empty" ? reason : "moderator" };
    default:
      return null;
  }
}

function participant(value: unknown): Participant | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const { id, name, role, present, mic, cam, joinedAt } = fields;
  if (
    typeof id !== "string" ||
    typeof name !== "string" ||
    (role !== "moderator" && role !== "viewer") ||
    typeof present !== "boolean" ||
    typeof mic !== "boolean" ||
    typeof cam !== "boolean" ||
    !isCount(joinedAt)
  ) {
    return null;
  }
  return { id, name, role, present, mic, cam, joinedAt };
}

function chatMessage(value: unknown): ChatMessage | null {
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

function refusedCommand(value: unknown): RefusedCommand | null {
  const fields = asFields(value);
  if (fields === null || !isCount(fields["number"])) {
    return null;
  }
  const reason = refusal(fields["refusal"]);
  return reason === null ? null : { number: fields["number"], refusal: reason };
}

/** A code we do not know still refuses its command, else the person would wait for ever. */
function refusal(value: unknown): Refusal | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const { code, retryAfterMs, max, expected } = fields;
  switch (code) {
    case "tooFast":
      return { code, retryAfterMs: isCount(retryAfterMs) ? retryAfterMs : 1_000 };
    case "textTooLong":
    case "roomFull":
      return { code, max: isCount(max) ? max : 0 };
    case "outOfOrder":
      return { code, expected: isCount(expected) ? expected : 0 };
    case "textEmpty":
    case "notAllowed":
    case "roomClosing":
      return { code };
    default:
      return { code: "malformed" };
  }
}

/** A reason we do not know closes all the same. */
function closeReason(value: unknown): CloseReason {
  return value === "replaced" || value === "left" ? value : "ended";
}

function asFields(value: unknown): Fields | null {
  return isFields(value) ? value : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** All entries or nothing: half a list would show half a class as gone. */
function list<T>(value: unknown, read: (entry: unknown) => T | null): T[] | null {
  if (!Array.isArray(value) || value.length > LIST_MAX) {
    return null;
  }
  const entries: T[] = [];
  for (const raw of value) {
    const entry = read(raw);
    if (entry === null) {
      return null;
    }
    entries.push(entry);
  }
  return entries;
}
