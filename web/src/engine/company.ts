/** Whom the room lets us see and hear now; of others the relay gives nothing, and nothing is asked. */

export interface Company {
  has(participant: string): boolean;
  /** Undefined: everyone. */
  set(participants: readonly string[] | undefined): void;
  /** Calls `onChange` after each change; the answer ends that. */
  follow(onChange: () => void): () => void;
}

export function createCompany(): Company {
  const followers = new Set<() => void>();
  let people: ReadonlySet<string> | undefined;
  return {
    has: (participant) => people === undefined || people.has(participant),
    set(participants) {
      people = participants === undefined ? undefined : new Set(participants);
      for (const follower of followers) follower();
    },
    follow(onChange) {
      followers.add(onChange);
      return () => followers.delete(onChange);
    },
  };
}
