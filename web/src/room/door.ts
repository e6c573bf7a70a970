/** The door as this page knows it: who waits, and whether we do; pure. */

import type { InboxObject, WaitingPerson } from "./messages.ts";

export interface Door {
  /** Unknown before the room has said so. */
  readonly place: "unknown" | "waiting" | "inside";
  /** What those are told who wait. */
  readonly notice: string | null;
  /** For moderators; in the order in which they came. */
  readonly waiting: readonly WaitingPerson[];
}

export const NO_DOOR: Door = { place: "unknown", notice: null, waiting: [] };

/** The same value when nothing changed. */
export function follow(door: Door, object: InboxObject): Door {
  if (object.kind === "snapshot") {
    return object.door;
  }
  if (object.kind !== "door") {
    return door;
  }
  const { news } = object;
  switch (news.kind) {
    case "waits": {
      const { person } = news;
      return { ...door, waiting: [...door.waiting.filter(({ id }) => id !== person.id), person] };
    }
    case "waitsNoMore":
      return { ...door, waiting: door.waiting.filter(({ id }) => id !== news.id) };
    case "letIn":
      return { ...door, place: "inside" };
    case "notice":
      return { ...door, notice: news.text };
  }
}
