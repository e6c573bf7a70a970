/**
 * Which frame of a track to decode next: pure, over arrivals and the time.
 *
 * Groups may overlap. A group is played in order from its key frame; the next one takes over when
 * the one before it is over, or when its own key frame is due: then what is left of the old one is
 * stale. When too much waits, the oldest group is given up.
 *
 * A frame of an enhancement layer that is missing is waited for until the one after it must be decoded;
 * one of the base layer as long as its group is played. What needs a missing frame is left out.
 */

import { createFrameStore, type EncodedFrame } from "./frame-store.ts";
import { groupLayers, type Gap, type Layers } from "./layers.ts";

/** When to show what was captured then; both in ms. */
export type DueAt = (capturedAt: number) => number;

export interface VideoJitter {
  arrive(frame: EncodedFrame): void;
  /** Nothing more comes of a layer of the group; `complete` when nothing of it is missing. */
  layerEnded(group: number, layer: number, complete: boolean): void;
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

/** A frame is decoded this long before it is shown, whatever may still be missing before it. */
const DECODE_MS = 15;

export function createVideoJitter(): VideoJitter {
  const store = createFrameStore();
  /** The group being played and its next object; groups before it are over. */
  let playing = -1;
  let object = 0;
  /** Layers above this one need a frame that is missing. */
  let usable = Infinity;
  /** The group being played cannot go on. */
  let isAbandoned = true;
  const layersOf = groupTable();
  let skipped = 0;

  const play = (group: number): void => {
    playing = group;
    object = 0;
    usable = Infinity;
    isAbandoned = false;
    for (const each of store.groups()) if (each < group) skipped += store.giveUp(each);
    layersOf.forgetBefore(group);
  };
  /** What remains of the group cannot be decoded: any later one may begin. */
  const abandon = (group: number): void => {
    play(group + 1);
    isAbandoned = true;
  };
  /** The group that takes over now: the newest that is due, else the next when this one is over. */
  const successor = (dueAt: DueAt, now: number): number | undefined => {
    const startable = store.groups().filter((group) => group > playing && store.peek(group, 0) !== undefined);
    // What is given up, the group after it, may begin itself.
    if (isAbandoned && store.peek(playing, 0) !== undefined) startable.unshift(playing);
    const due = startable.findLast((group) => dueAt(store.peek(group, 0)?.capturedAt ?? Infinity) <= now);
    const isOver = isAbandoned || (layersOf.get(playing).isOver() && store.first(playing, object) === undefined);
    return due ?? (isOver ? startable[0] : undefined);
  };
  return {
    arrive(frame) {
      const isPast = frame.group < playing || (frame.group === playing && frame.object < object);
      if (!isPast || frame.group === playing) layersOf.get(frame.group).arrive(frame.object, frame.layer);
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
    layerEnded(group, layer, complete) {
      if (group === playing || store.groups().includes(group)) layersOf.get(group).end(layer, complete);
    },
    next(dueAt, now, leadMs) {
      for (;;) {
        const following = successor(dueAt, now);
        if (following !== undefined) play(following);
        const frame = isAbandoned ? undefined : store.first(playing, object);
        if (frame === undefined || dueAt(frame.capturedAt) > now + leadMs) return undefined;
        const layers = layersOf.get(playing);
        const gap = layers.gap(object, frame.object);
        const isLate = dueAt(frame.capturedAt) <= now + DECODE_MS;
        if (mustWait(gap, frame, isLate)) return undefined;
        if (gap.kind === "open") layers.giveUpSilent();
        if (gap.kind !== "none") usable = Math.min(usable, gap.layer);
        const taken = store.take(playing, frame.object);
        object = frame.object + 1;
        if (frame.layer > usable) {
          skipped += 1;
          continue;
        }
        usable = Infinity;
        return taken;
      }
    },
    skipGroup: () => abandon(playing),
    skipped: () => skipped,
  };
}

/** What is missing before the frame may still come, and is worth the time or needed. */
const mustWait = (gap: Gap, frame: EncodedFrame, isLate: boolean): boolean =>
  gap.kind === "open" && (!isLate || (gap.layer === 0 && frame.layer > 0));

/** The layers of the groups that are of interest. */
function groupTable(): { get(group: number): Layers; forgetBefore(group: number): void } {
  const table = new Map<number, Layers>();
  return {
    get(group) {
      const known = table.get(group) ?? groupLayers();
      table.set(group, known);
      return known;
    },
    forgetBefore(group) {
      for (const each of table.keys()) if (each < group) table.delete(each);
    },
  };
}
