/**
 * One encoded track to everyone who subscribed to it: the same groups on each publication.
 *
 * Nothing is left out inside a group. A publication whose stream has been backed up for `STALE_MS`
 * has its subgroup reset and goes on with the next group.
 */

import { nextGroup } from "../../moqt/groups.ts";
import type { Properties, Publication, SubgroupWriter } from "../../moqt/types.ts";

export interface FanOut {
  add(publication: Publication): void;
  /** False while nobody subscribes: then nothing need be encoded. */
  isWanted(): boolean;
  /** Someone waits for a group to begin. */
  wantsGroup(): boolean;
  /** Ends the group and begins another, whose first object comes next; `now` is Unix time in ms. */
  beginGroup(now: number): void;
  write(payload: Uint8Array, properties: Properties): void;
  /** What waits to be sent where least waits: one stuck subscriber does not slow the others. */
  queuedBytes(): number;
  /** Resets what is stale. */
  expire(now: number): void;
  /** Ends all publications: the source is off. */
  end(): void;
}

/** DELIVERY_TIMEOUT of the draft. */
const RESET_STALE = 0x2;
const STALE_MS = 1_000;
/** The relay subscribes once per track; a second one is its next session. */
const PUBLICATIONS_MAX = 8;

interface Listener {
  readonly publication: Publication;
  writer: SubgroupWriter | undefined;
  /** Since when more than the allowance waits. */
  backedUpSince: number | undefined;
}

/** `allowanceBytes`: what may wait on a stream that is well. `onIdle`: the last subscriber left. */
export function createFanOut(allowanceBytes: number, onIdle: () => void): FanOut {
  let listeners: readonly Listener[] = [];
  let group = 0;

  const remove = (listener: Listener): void => {
    if (!listeners.includes(listener)) return;
    listeners = listeners.filter((each) => each !== listener);
    if (listeners.length === 0) onIdle();
  };
  const isOpen = ({ writer }: Listener): boolean => writer?.isOpen === true;
  return {
    add(publication) {
      const listener: Listener = { publication, writer: undefined, backedUpSince: undefined };
      const [oldest] = listeners;
      if (oldest !== undefined && listeners.length >= PUBLICATIONS_MAX) {
        oldest.publication.end();
        remove(oldest);
      }
      listeners = [...listeners, listener];
      publication.ended.then(() => remove(listener));
    },
    isWanted: () => listeners.length > 0,
    wantsGroup: () => !listeners.every(isOpen),
    beginGroup(now) {
      group = nextGroup(group, now);
      for (const listener of listeners) {
        listener.writer?.finish();
        listener.writer = listener.publication.openSubgroup(group, 0);
        listener.backedUpSince = undefined;
      }
    },
    write(payload, properties) {
      for (const { writer } of listeners) writer?.write(payload, properties);
    },
    queuedBytes() {
      const waiting = listeners.filter(isOpen).map(({ writer }) => writer?.queuedBytes ?? 0);
      return waiting.length === 0 ? 0 : Math.min(...waiting);
    },
    expire(now) {
      for (const listener of listeners) {
        const isBackedUp = isOpen(listener) && (listener.writer?.queuedBytes ?? 0) > allowanceBytes;
        listener.backedUpSince = isBackedUp ? (listener.backedUpSince ?? now) : undefined;
        if (now - (listener.backedUpSince ?? now) > STALE_MS) {
          listener.writer?.reset(RESET_STALE);
          listener.writer = undefined;
          listener.backedUpSince = undefined;
        }
      }
    },
    end() {
      const ending = listeners;
      listeners = [];
      for (const { publication, writer } of ending) {
        writer?.finish();
        publication.end();
      }
      if (ending.length > 0) onIdle();
    },
  };
}
