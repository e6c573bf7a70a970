/** Whom this person has pinned: kept with the tab, so that it survives a reload. */

import { inTab, recall, remember } from "../../remember.ts";
import type { OpenStorage } from "../../remember.ts";

const KEY = "mosaik.pins";
/** More large tiles than this are no larger than small ones. */
export const PINS_MAX = 6;

/** With one too many the oldest goes. */
export function togglePin(pins: readonly string[], id: string): readonly string[] {
  return pins.includes(id) ? pins.filter((pinned) => pinned !== id) : [...pins, id].slice(-PINS_MAX);
}

export function recallPins(room: string, open: OpenStorage = inTab): readonly string[] {
  const kept = recall(open, `${KEY}.${room}`) ?? "";
  return kept.split(" ").filter((id) => id !== "").slice(-PINS_MAX);
}

export function keepPins(room: string, pins: readonly string[], open: OpenStorage = inTab): void {
  remember(open, `${KEY}.${room}`, pins.join(" "));
}
