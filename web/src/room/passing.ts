/** What shows for some seconds and is kept nowhere: reactions, refusals to speak, who is writing, captions. Pure. */

import type { ChatChange, InboxObject, Reaction, StateObject } from "./messages.ts";

/** Long enough to be seen by whoever looks away from a book. */
const SHOWN_MS = 5_000;
/** Two lines are read in this time by someone who reads slowly. */
const CAPTION_SHOWN_MS = 8_000;
/** Lines that are shown at a time. */
const CAPTIONS_MAX = 2;
/** More at once nobody reads. */
export const PASSING_MAX = 40;

export type PassingWhat =
  | { readonly kind: "reacted"; readonly id: string; readonly reaction: Reaction }
  | { readonly kind: "declined"; readonly id: string }
  | { readonly kind: "typing"; readonly id: string; readonly isPrivate: boolean }
  | { readonly kind: "caption"; readonly id: string; readonly text: string; readonly isDone: boolean };

/** The one that ends first is the first in a list of them. */
export interface Passing {
  readonly key: number;
  /** On the clock of `now`. */
  readonly until: number;
  readonly what: PassingWhat;
}

/** The list after `object`; itself when nothing passes with it. */
export function pass(list: readonly Passing[], object: StateObject | InboxObject, now: number): readonly Passing[] {
  const writer = sayer(object);
  const rest = writer === null ? list : withoutTyping(list, writer);
  const what = object.kind === "event" ? passing(object) : object.kind === "chat" ? typing(object.change, true) : null;
  if (what === null) {
    return rest;
  }
  const key = Math.max(0, ...list.map((other) => other.key)) + 1;
  if (what.kind === "caption") {
    return captioned(rest, { key, until: now + CAPTION_SHOWN_MS, what });
  }
  const others = what.kind === "typing" ? withoutTyping(rest, what.id) : rest;
  const isKept = (at: number) => at >= others.length - PASSING_MAX + 1;
  const kept = others.filter((other, at) => isKept(at) || other.what.kind === "caption");
  return inTime([...kept, { key, until: now + SHOWN_MS, what }]);
}

const inTime = (list: readonly Passing[]): readonly Passing[] => list.toSorted((a, b) => a.until - b.until);

/** A line that grows takes the place of what it was; nothing is a line taken back. */
function captioned(list: readonly Passing[], line: Passing & { readonly what: { readonly kind: "caption" } }): readonly Passing[] {
  const isBefore = ({ what }: Passing) => what.kind === "caption" && what.id === line.what.id && !what.isDone;
  const before = list.find(isBefore);
  const lines = list.filter((other) => other.what.kind === "caption" && other !== before);
  const next = line.what.text.trim() === "" ? lines : [...lines, { ...line, key: before?.key ?? line.key }];
  return inTime([...list.filter(({ what }) => what.kind !== "caption"), ...next.slice(-CAPTIONS_MAX)]);
}

/** What still shows at `now`. */
export function forget(list: readonly Passing[], now: number): readonly Passing[] {
  return list.some(({ until }) => until <= now) ? list.filter(({ until }) => until > now) : list;
}

/** Who said something writes it no longer. */
function sayer(object: StateObject | InboxObject): string | null {
  if (object.kind === "said") {
    return object.message.author;
  }
  return object.kind === "event" && object.event.kind === "said" ? object.event.message.author : null;
}

function withoutTyping(list: readonly Passing[], id: string): readonly Passing[] {
  const isTheirs = ({ what }: Passing) => what.kind === "typing" && what.id === id;
  return list.some(isTheirs) ? list.filter((other) => !isTheirs(other)) : list;
}

function typing(change: ChatChange, isPrivate: boolean): PassingWhat | null {
  return change.kind === "typing" ? { kind: "typing", id: change.by, isPrivate } : null;
}

function passing({ event }: Extract<StateObject, { readonly kind: "event" }>): PassingWhat | null {
  if (event.kind === "sign" && event.change.kind === "reacted") {
    return { kind: "reacted", id: event.change.id, reaction: event.change.reaction };
  }
  if (event.kind === "hand" && event.change.kind === "answered" && !event.change.speaks) {
    return { kind: "declined", id: event.change.id };
  }
  if (event.kind === "caption") {
    return { kind: "caption", id: event.by, text: event.text, isDone: event.done };
  }
  return event.kind === "chat" ? typing(event.change, false) : null;
}
