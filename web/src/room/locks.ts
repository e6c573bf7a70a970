/** Which locks hold for whom; as the room reckons them, so that the page can say so beforehand. */

import type { Layout, Lock, Participant, Preset, RoomSettings } from "./messages.ts";

/** In the order in which they are shown. */
export const LOCKS: readonly Lock[] = [
  "microphone",
  "camera",
  "screen",
  "publicChat",
  "privateChat",
  "whiteboard",
  "notes",
  "files",
  "othersCameras",
  "othersNames",
];

export const PRESETS: readonly Preset[] = ["lecture", "discussion", "quietWork", "test", "oneToOne", "parentsEvening"];

export const LAYOUTS: readonly Layout[] = ["presentation", "speaker", "gallery", "audio"];

/** Before the first snapshot nothing is known to be locked. */
export const NO_SETTINGS: RoomSettings = { preset: null, locks: [], entry: "open", layout: null };

/** Moderators have no locks, presenters only their own. */
export function locksOn(person: Participant | undefined, { locks }: RoomSettings): ReadonlySet<Lock> {
  switch (person?.role) {
    case "viewer":
      return new Set([...locks.filter((lock) => !person.freed.includes(lock)), ...person.locked]);
    case "presenter":
      return new Set(person.locked);
    default:
      return new Set();
  }
}
