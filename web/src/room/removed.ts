/** As whom this device was removed from a room last: its class link is no way around a ban. The server forgets bans with the lesson. */

import { onDevice, recall, remember } from "../remember.ts";

const KEY = "mosaik.removed";

export const rememberRemoved = (participant: string) => remember(onDevice, KEY, participant);

/** What asking for a seat says of it. */
export function removedBefore(): { readonly before?: string } {
  const before = recall(onDevice, KEY);
  return before === null ? {} : { before };
}
