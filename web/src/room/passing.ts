/** What shows for some seconds and is kept nowhere: reactions, refusals to speak, who is writing. Pure. */

import type { ChatChange, InboxObject, Reaction, StateObject } from "./messages.ts";

/** Long enough to be seen by whoever looks away from a book. */
const SHOWN_MS = 5_000;
/** More at once nobody reads. */
export const PASSING_MAX = 40;

export type PassingWhat =
  | { readonly kind: "reacted"; readonly id: string; readonly reaction: Reaction }
  | { readonly kind: "declined"; readonly id: string }
  | { readonly kind: "typing"; readonly id: string; readonly isPrivate: boolean };

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
  const key = (list.at(-1)?.key ?? 0) + 1;
  const others = what.kind === "typing" ? withoutTyping(rest, what.id) : rest;
  return [...others, { key, until: now + SHOWN_MS, what }].slice(-PASSING_MAX);
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
  return event.kind === "chat" ? typing(event.change, false) : null;
}
