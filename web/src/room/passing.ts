/** What shows for some seconds and is kept nowhere: reactions, and answers to being called on. Pure. */

import type { Reaction, StateObject } from "./messages.ts";

/** Long enough to be seen by whoever looks away from a book. */
const SHOWN_MS = 5_000;
/** More at once nobody reads. */
export const PASSING_MAX = 40;

export type PassingWhat =
  | { readonly kind: "reacted"; readonly id: string; readonly reaction: Reaction }
  | { readonly kind: "declined"; readonly id: string };

export interface Passing {
  readonly key: number;
  /** On the clock of `now`. */
  readonly until: number;
  readonly what: PassingWhat;
}

/** The list after `object`; itself when nothing passes with it. */
export function pass(list: readonly Passing[], object: StateObject, now: number): readonly Passing[] {
  const what = passing(object);
  if (what === null) {
    return list;
  }
  const key = (list.at(-1)?.key ?? 0) + 1;
  return [...list, { key, until: now + SHOWN_MS, what }].slice(-PASSING_MAX);
}

/** What still shows at `now`. */
export function forget(list: readonly Passing[], now: number): readonly Passing[] {
  return list.some(({ until }) => until <= now) ? list.filter(({ until }) => until > now) : list;
}

function passing(object: StateObject): PassingWhat | null {
  if (object.kind !== "event") {
    return null;
  }
  const { event } = object;
  if (event.kind === "sign" && event.change.kind === "reacted") {
    return { kind: "reacted", id: event.change.id, reaction: event.change.reaction };
  }
  if (event.kind === "hand" && event.change.kind === "answered" && !event.change.speaks) {
    return { kind: "declined", id: event.change.id };
  }
  return null;
}
