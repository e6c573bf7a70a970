/** Who is in the room, pure. */

import type { Participant } from "./messages.ts";

export type People = ReadonlyMap<string, Participant>;

export function joined(people: People, participant: Participant): People {
  return new Map(people).set(participant.id, participant);
}

export function left(people: People, id: string): People {
  const rest = new Map(people);
  rest.delete(id);
  return rest;
}

/** Of someone we do not know nothing changes. */
export function changed(people: People, id: string, change: Partial<Participant>): People {
  const participant = people.get(id);
  return participant === undefined ? people : joined(people, { ...participant, ...change });
}

/** Moderators first, then presenters, then by name as `language` sorts it, then by time of joining. */
export function roster(people: People, language: string): readonly Participant[] {
  const byName = new Intl.Collator(language, { numeric: true });
  return [...people.values()].toSorted(
    (a, b) => rank(a) - rank(b) || byName.compare(a.name, b.name) || a.joinedAt - b.joinedAt,
  );
}

const RANKS: readonly Participant["role"][] = ["moderator", "presenter", "viewer"];

function rank(participant: Participant): number {
  return RANKS.indexOf(participant.role);
}
