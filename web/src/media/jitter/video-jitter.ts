/**
 * Which frame of a track to decode next: pure, over arrivals and the time.
 *
 * Groups may overlap. A group is played in order from its key frame; the next one takes over when
 * the one before it ended, or when its own key frame is due: then what is left of the old one is
 * stale. When too much waits, the oldest group is given up.
 */

import { createFrameStore, type EncodedFrame } from "./frame-store.ts";

/** When to show what was captured then; both in ms. */
export type DueAt = (capturedAt: number) => number;

export interface VideoJitter {
  arrive(frame: EncodedFrame): void;
  /** No further objects of the group will come. */
  groupEnded(group: number): void;
  /**
   * The next frame to decode, if it is due within `leadMs`; `dueAt` says when to show what. Whoever
   * calls until nothing comes has decoded everything in time.
   */
  next(dueAt: DueAt, now: number, leadMs: number): EncodedFrame | undefined;
  /** The decoder lost its state: goes on with the key frame of a later group. */
  skipGroup(): void;
  /** Frames that arrived and were never asked for. */
  skipped(): number;
}

export function createVideoJitter(): VideoJitter {
  const store = createFrameStore();
  /** The group being played and its next object; groups before it are over. */
  let playing = -1;
  let object = 0;
  let hasEnded = true;
  /** Groups that ended before their turn came. */
  const ended = new Set<number>();
  let skipped = 0;

  const play = (group: number): void => {
    playing = group;
    object = 0;
    hasEnded = ended.has(group);
    for (const each of store.groups()) if (each < group) skipped += store.giveUp(each);
    for (const each of ended) if (each <= group) ended.delete(each);
  };
  /** What remains of the group cannot be decoded: any later one may begin. */
  const abandon = (group: number): void => {
    play(group + 1);
    hasEnded = true;
  };
  /** The group that takes over now: the newest that is due, else the next when this one is over. */
  const successor = (dueAt: DueAt, now: number): number | undefined => {
    const startable = store.groups().filter((group) => group > playing && store.peek(group, 0) !== undefined);
    const due = startable.findLast((group) => dueAt(store.peek(group, 0)?.capturedAt ?? Infinity) <= now);
    const isOver = hasEnded && store.peek(playing, object) === undefined;
    return due ?? (isOver ? startable[0] : undefined);
  };
  return {
    arrive(frame) {
      const isPast = frame.group < playing || (frame.group === playing && frame.object < object);
      if (isPast || !store.put(frame)) {
        skipped += 1;
        return;
      }
      for (const oldest of store.groups()) {
        if (!store.isFull()) return;
        skipped += store.giveUp(oldest);
        if (oldest >= playing) abandon(oldest);
      }
    },
    groupEnded(group) {
      if (group === playing) hasEnded = true;
      else if (store.groups().includes(group)) ended.add(group);
    },
    next(dueAt, now, leadMs) {
      const following = successor(dueAt, now);
      if (following !== undefined) play(following);
      const frame = store.peek(playing, object);
      if (frame === undefined || dueAt(frame.capturedAt) > now + leadMs) return undefined;
      object += 1;
      return store.take(playing, frame.object);
    },
    skipGroup: () => abandon(playing),
    skipped: () => skipped,
  };
}
