/** Who is where on the stage, pure and steady: speaking moves nobody. */

import type { Participant } from "../../room/messages.ts";

export interface Cast {
  readonly featured: Participant | null;
  readonly tiles: readonly Participant[];
}

/**
 * Features the first moderator's camera, but never one's own: nobody watches themself teach.
 * Tiles: oneself, then who shows a picture, then the rest; each in the roster's order.
 */
export function cast(roster: readonly Participant[], me: string): Cast {
  const featured = roster.find(({ id, role, cam }) => role === "moderator" && cam && id !== me) ?? null;
  const tiles = roster.filter((participant) => participant !== featured).toSorted((a, b) => rank(a, me) - rank(b, me));
  return { featured, tiles };
}

function rank(participant: Participant, me: string): number {
  if (participant.id === me) {
    return 0;
  }
  return participant.cam ? 1 : 2;
}
