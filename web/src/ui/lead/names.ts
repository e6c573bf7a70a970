/** What somebody is called here: the room withholds the names of those whom we may not know. */

import { text } from "../../i18n/language.ts";
import type { Participant } from "../../room/messages.ts";
import type { RoomView } from "../view.ts";

export function shownName(view: Pick<RoomView, "name" | "store">, id: string, name: string): string {
  if (name !== "") {
    return name;
  }
  return id === view.store.me ? view.name : text.value.lead.someone;
}

/** Those whom this person may know, with their own name among them. */
export function known(view: Pick<RoomView, "name" | "store">, people: readonly Participant[]): readonly Participant[] {
  const { me } = view.store;
  return people
    .filter(({ id, name }) => id === me || name !== "")
    .map((person) => (person.name === "" ? named(person, view.name) : person));
}

function named(person: Participant, name: string): Participant {
  return { ...person, name };
}
