/** Roles, locks and how long a room without a moderator goes on, pure. */

import type { LeadChange, RoomSettings } from "./messages.ts";
import { changed } from "./reduce-people.ts";
import type { People } from "./reduce-people.ts";

export interface Led {
  readonly participants: People;
  readonly settings: RoomSettings;
  /** Unix ms; null while a moderator is there. */
  readonly endsAt: number | null;
}

/** What of `led` is different after `change`. */
export function changeLead({ participants }: Led, change: LeadChange): Partial<Led> {
  switch (change.kind) {
    case "role":
      return { participants: changed(participants, change.id, { role: change.role }) };
    case "settings":
      return { settings: change.settings };
    case "personLocks":
      return { participants: changed(participants, change.id, { locked: change.locked, freed: change.freed }) };
    case "unattended":
      return { endsAt: change.endsAt };
  }
}
