/** Spares a device that cannot decode everything that is seen: the cameras beyond its budget rest, screens do not. */

import { NO_BUDGET, regulate } from "./decode/budget.ts";
import type { LoadMeter } from "./decode/load.ts";
import type { Hearing, Person } from "./person.ts";
import { whoRests } from "./resting.ts";
import type { Resting } from "./resting.ts";

const LOOK_EVERY_MS = 1_000;
/** Louder than breath. */
const SPEAKS = 0.05;

export interface Sparing {
  /** Looks once a second at what the pictures of these people cost, and who rests for it. */
  look(people: ReadonlyMap<string, Person>, heard: ReadonlyMap<string, Hearing>, now: number): void;
  resting(): readonly string[];
}

export function createSparing(load: LoadMeter, setResting: (participant: string, isResting: boolean) => void): Sparing {
  let budget = NO_BUDGET;
  let rest: Resting = { resting: new Set(), turn: undefined };
  let lookedAt = 0;
  let heardAt: ReadonlyMap<string, number> = new Map();
  return {
    look(people, heard, now) {
      if (now - lookedAt < LOOK_EVERY_MS) return;
      lookedAt = now;
      const speaking = [...people].filter(([, person]) => (person.voice()?.level(now) ?? 0) >= SPEAKS);
      heardAt = new Map([...heardAt, ...speaking.map(([id]) => [id, now] as const)].filter(([id]) => people.has(id)));
      const seen = [...people]
        .map(([participant, person]) => ({
          participant,
          height: person.sights.cam.seenHeight(),
          isPinned: heard.get(participant) === "pinned",
          heardAt: heardAt.get(participant),
          drawnAt: person.sights.cam.picture()?.drawnAt(),
        }))
        .filter(({ height }) => height > 0);
      budget = regulate(budget, load.take(), seen.length, now);
      const before = rest.resting;
      rest = whoRests(seen, budget.most, rest.turn, now);
      for (const participant of people.keys()) {
        const isResting = rest.resting.has(participant);
        if (isResting !== before.has(participant)) setResting(participant, isResting);
      }
    },
    resting: () => [...rest.resting],
  };
}
