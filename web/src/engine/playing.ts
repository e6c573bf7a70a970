/**
 * What of others is played: the tracks that are wanted and published, each with one subscription as
 * long as both hold and a session is there.
 */

import type { Subscriber } from "../moqt/types.ts";
import type { CatalogTrack } from "./catalog.ts";
import { keepSubscribed } from "./keep-subscribed.ts";
import type { Subscribe } from "../media/types.ts";

/** Draft numbers: 0 is the most urgent (docs/protocol.md asks only for speech before pictures). */
const PRIORITY = { audio: 32, video: 128 } as const;

/** Plays one track of one participant. */
export interface Player {
  readonly subscriber: Subscriber;
  /** The track is played no longer; what was drawn may stay. */
  stop(): void;
}

export interface Playing {
  connect(subscribe: Subscribe): void;
  disconnect(): void;
  /** What a participant publishes of this kind; undefined when nothing. */
  setTrack(participant: string, track: CatalogTrack | undefined): void;
  want(participant: string): void;
  unwant(participant: string): void;
}

interface Run {
  /** The track as it was in the catalog; another encoding is another run. */
  readonly encoding: string;
  stop(): void;
}

/** `play` begins a player for a participant's track. */
export function playing<T extends CatalogTrack>(
  is: (track: CatalogTrack) => track is T,
  play: (participant: string, track: T) => Player,
): Playing {
  const published = new Map<string, T>();
  const wanted = new Set<string>();
  const runs = new Map<string, Run>();
  let subscribe: Subscribe | undefined;

  const settle = (participant: string): void => {
    const track = wanted.has(participant) ? published.get(participant) : undefined;
    const encoding = track === undefined || subscribe === undefined ? "" : JSON.stringify(track);
    const running = runs.get(participant);
    if (running?.encoding === encoding) return;
    running?.stop();
    runs.delete(participant);
    const by = subscribe;
    if (track === undefined || by === undefined) return;
    const player = play(participant, track);
    const { subscriber } = player;
    const kept = keepSubscribed((onArrival) =>
      by(participant, track.name, PRIORITY[track.role], {
        onObject(object) {
          onArrival();
          subscriber.onObject(object);
        },
        onSubgroupEnd: (group, subgroup, complete) => subscriber.onSubgroupEnd?.(group, subgroup, complete),
      }),
    );
    const stop = (): void => {
      kept.stop();
      player.stop();
    };
    runs.set(participant, { encoding, stop });
  };
  const settleAll = (): void => {
    for (const participant of new Set([...runs.keys(), ...wanted])) settle(participant);
  };
  return {
    connect(by) {
      subscribe = by;
      settleAll();
    },
    disconnect() {
      subscribe = undefined;
      settleAll();
    },
    setTrack(participant, track) {
      if (track !== undefined && is(track)) published.set(participant, track);
      else published.delete(participant);
      settle(participant);
    },
    want(participant) {
      wanted.add(participant);
      settle(participant);
    },
    unwant(participant) {
      wanted.delete(participant);
      settle(participant);
    },
  };
}
