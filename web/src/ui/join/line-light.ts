/** What the line is good for, from what was found out about it. Pure. */

import type { LineCheck } from "../../engine/check.ts";

export type Light = "good" | "fair" | "poor" | "none";

/** A camera of 640 pixels and speech; what a class sends of it, and what the relay needs to choose from. */
const PICTURES = { down: 1_000_000, up: 700_000 };
/** Speech, the smallest picture of who teaches and what is written. */
const SOUND = { down: 250_000, up: 120_000 };
/** Above it nobody takes turns without noticing, in ms. */
const ROUND_TRIP_MS_MAX = 300;

export function lightOf({ carrier, roundTripMs, rates }: LineCheck): Light {
  if (carrier === null) {
    return "none";
  }
  const passes = (wanted: typeof SOUND) => rates === null || (rates.down >= wanted.down && rates.up >= wanted.up);
  if (!passes(SOUND)) {
    return "poor";
  }
  return passes(PICTURES) && roundTripMs <= ROUND_TRIP_MS_MAX ? "good" : "fair";
}
