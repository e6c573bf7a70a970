/**
 * Reads objects of the control tracks: text from the network in, typed values or null out.
 *
 * Kinds this page does not know give null too: a newer room may say more than we understand, and
 * the next snapshot makes up for it.
 */

import { asFields, isCount, list, parseFields } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { CloseReason, InboxObject, RoomEvent, RoomSnapshot, StateObject } from "./messages.ts";
import { boards } from "./parse-boards.ts";
import { attendee, earlierLesson } from "./parse-attendance.ts";
import { NO_BREAKOUTS, asideChange, asideWish, breakoutChange, breakouts } from "./parse-breakouts.ts";
import { chatChange, chatMessage } from "./parse-chat.ts";
import { consentOf } from "./parse-consent.ts";
import { fileChange, sharedFiles, slidesChange, slidesSnapshot, uploadOver, uploadProgress } from "./parse-content.ts";
import { handChange, hands } from "./parse-hands.ts";
import { lineOf, lineQuality } from "./parse-lines.ts";
import { doorNews, doorSnapshot, endsAt, leadChange, settings } from "./parse-lead.ts";
import { participant } from "./parse-people.ts";
import { logEntry } from "./parse-log.ts";
import { ownVote, poll, pollChange, pollCount } from "./parse-polls.ts";
import { refusedCommand } from "./parse-refusal.ts";
import { parseSharing } from "./sharing.ts";
import { signChange, statusOf } from "./parse-signs.ts";
import { timer } from "./parse-timer.ts";

const CLOSE_REASONS: readonly CloseReason[] = ["replaced", "ended", "left", "removed", "turnedAway", "flooding"];

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
    case "snapshot":
      return inboxSnapshot(fields);
    case "acknowledged":
      return isCount(fields["number"]) ? { kind: "acknowledged", number: fields["number"] } : null;
    case "refused": {
      const entry = refusedCommand(fields);
      return entry === null ? null : { kind: "refused", ...entry };
    }
    case "said": {
      const message = chatMessage(fields["message"]);
      return message === null ? null : { kind: "said", message };
    }
    case "chat": {
      const change = chatChange(fields["change"]);
      return change === null ? null : { kind: "chat", change };
    }
    case "voted": {
      const vote = ownVote(fields["vote"]);
      return vote === null ? null : { kind: "voted", vote };
    }
    case "uploaded": {
      const upload = uploadProgress(fields["upload"]);
      return upload === null ? null : { kind: "uploaded", upload };
    }
    case "uploadOver": {
      const upload = uploadOver(fields["upload"]);
      return upload === null ? null : { kind: "uploadOver", upload };
    }
    case "counted": {
      const count = pollCount(fields["count"]);
      return count === null ? null : { kind: "counted", count };
    }
    case "attendance":
      return attendance(fields);
    case "earlier":
      return { kind: "earlier", lessons: understood(fields["lessons"], earlierLesson) };
    case "log": {
      const entries = list(fields["entries"], logEntry)?.filter((entry) => entry !== "unknown");
      return entries === undefined ? null : { kind: "log", entries };
    }
    case "consent": {
      const of = consentOf(fields["of"]);
      return of === null ? null : { kind: "consent", of };
    }
    case "closed":
      return closed(fields);
    case "door": {
      const news = doorNews(fields["news"]);
      return news === null ? null : { kind: "door", news };
    }
    case "aside": {
      const change = asideChange(fields["change"]);
      return change === null ? null : { kind: "aside", change };
    }
    case "line": {
      const line = lineQuality(fields["line"]);
      return line === null ? null : { kind: "line", line };
    }
    case "lines":
      return { kind: "lines", lines: understood(fields["lines"], lineOf) };
    default:
      return null;
  }
}

function attendance({ at, people: all }: Fields): InboxObject | null {
  const people = list(all, attendee);
  return isCount(at) && people !== null ? { kind: "attendance", at, people } : null;
}

function closed({ reason, receipt }: Fields): InboxObject {
  return { kind: "closed", reason: closeReason(reason), receipt: typeof receipt === "string" ? receipt : null };
}

function inboxSnapshot(fields: Fields): InboxObject | null {
  const refused = list(fields["refused"] ?? [], refusedCommand);
  const messages = list(fields["messages"], chatMessage);
  const votes = list(fields["votes"], ownVote);
  const counts = list(fields["counts"], pollCount);
  const door = doorSnapshot(fields["door"]);
  const consents = list(fields["consents"] ?? [], consentOf);
  const uploads = list(fields["uploads"] ?? [], uploadProgress) ?? [];
  const { at, acknowledged } = fields;
  if (!isCount(at) || !isCount(acknowledged) || refused === null || messages === null || votes === null || counts === null || door === null || consents === null) {
    return null;
  }
  const [line, lines] = [lineQuality(fields["line"]), understood(fields["lines"], lineOf)];
  const asides = understood(fields["asides"], asideWish);
  return { kind: "snapshot", at, acknowledged, refused, messages, votes, counts, door, consents, uploads, line, lines, asides };
}

/** Those entries that are understood: one that is not is no loss to the others. */
function understood<T>(value: unknown, read: (entry: unknown) => T | null): T[] {
  const entries = list(value, (entry) => ({ read: read(entry) })) ?? [];
  return entries.flatMap((entry) => (entry.read === null ? [] : [entry.read]));
}

function snapshot(value: unknown): RoomSnapshot | null {
  const fields = asFields(value);
  if (fields === null || typeof fields["room"] !== "string" || typeof fields["title"] !== "string") {
    return null;
  }
  const participants = list(fields["participants"], participant);
  const chat = list(fields["chat"], chatMessage);
  const raised = hands(fields["hands"]);
  const statuses = list(fields["statuses"], statusOf);
  const polls = list(fields["polls"], poll);
  const set = settings(fields["settings"]);
  if (participants === null || chat === null || polls === null || raised === null || statuses === null || set === null) {
    return null;
  }
  const { room, title } = fields;
  return {
    room,
    title,
    participants,
    chat,
    polls,
    hands: raised,
    statuses,
    settings: set,
    endsAt: endsAt(fields["endsAt"]),
    timer: timer(fields["timer"]),
    breakouts: breakouts(fields["breakouts"]) ?? NO_BREAKOUTS,
    boards: boards(fields["boards"]),
    slides: slidesSnapshot(fields["slides"]),
    files: [...sharedFiles(fields["files"])],
    sharing: parseSharing(fields["sharing"]),
  };
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
      return { kind: "ended", reason: reason === "empty" || reason === "unattended" ? reason : "moderator" };
    case "chat": {
      const change = chatChange(fields["change"]);
      return change === null ? null : { kind: "chat", change };
    }
    case "caption":
      return caption(fields);
    case "poll": {
      const change = pollChange(fields["change"]);
      return change === null ? null : { kind: "poll", change };
    }
    case "hand": {
      const change = handChange(fields["change"]);
      return change === null ? null : { kind: "hand", change };
    }
    case "sign": {
      const change = signChange(fields["change"]);
      return change === null ? null : { kind: "sign", change };
    }
    case "lead": {
      const change = leadChange(fields["change"]);
      return change === null ? null : { kind: "lead", change };
    }
    case "breakout": {
      const change = breakoutChange(fields["change"]);
      return change === null ? null : { kind: "breakout", change };
    }
    case "sharing":
      return { kind: "sharing", sharing: parseSharing(fields["sharing"]) };
    case "boards":
      return { kind: "boards", boards: boards(fields["boards"]) };
    case "slides": {
      const change = slidesChange(fields["change"]);
      return change === null ? null : { kind: "slides", change };
    }
    case "file": {
      const change = fileChange(fields["change"]);
      return change === null ? null : { kind: "file", change };
    }
    case "timer":
      return isCount(fields["at"]) ? { kind: "timer", timer: timer(fields["timer"]), at: fields["at"] } : null;
    default:
      return null;
  }
}

function caption({ by, text, done }: Fields): RoomEvent | null {
  return typeof by === "string" && typeof text === "string" && typeof done === "boolean" ? { kind: "caption", by, text, done } : null;
}

/** A reason we do not know closes all the same. */
function closeReason(value: unknown): CloseReason {
  const known = CLOSE_REASONS.find((reason) => reason === value);
  return known ?? "ended";
}
