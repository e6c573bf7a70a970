/** Asks the engine for what people brought, each track once at a time. */

import type { FromEngine, ToContent } from "../../engine/messages.ts";

export type Fetched = Extract<FromEngine, { readonly kind: "fetched" }>;
export type Content = NonNullable<Fetched["content"]>;

export interface Fetching {
  /** Null when the room has not got it. Draft priorities: the lowest first. */
  fetch(track: string, priority: number): Promise<Content | null>;
  /** What is under way is wanted sooner. */
  hurry(track: string, priority: number): void;
  take(message: Fetched): void;
}

export function createFetching(post: (message: ToContent) => void): Fetching {
  const waiting = new Map<string, ((content: Content | null) => void)[]>();
  return {
    fetch: (track, priority) =>
      new Promise((resolve) => {
        const others = waiting.get(track);
        if (others === undefined) {
          waiting.set(track, [resolve]);
          post({ kind: "fetch", track, priority });
        } else {
          others.push(resolve);
        }
      }),
    hurry: (track, priority) => {
      if (waiting.has(track)) post({ kind: "fetch", track, priority });
    },
    take: ({ track, content }) => {
      const resolves = waiting.get(track) ?? [];
      waiting.delete(track);
      resolves.forEach((resolve) => resolve(content));
    },
  };
}
