/**
 * One encoded track to everyone who subscribed to it: the same groups on each publication.
 *
 * How objects travel is the listeners' thing: pictures on streams (`listener.ts`), speech in datagrams
 * (`datagram-listener.ts`). Object IDs rise over all temporal layers of a group.
 */

import { nextGroup } from "../../moqt/groups.ts";
import type { Properties, Publication } from "../../moqt/types.ts";
import { objectOf } from "../layer-ids.ts";
import type { Listener } from "./listener.ts";

export interface FanOut {
  add(publication: Publication): void;
  /** False while nobody subscribes: then nothing need be encoded. */
  isWanted(): boolean;
  /** Someone waits for a group to begin. */
  wantsGroup(): boolean;
  /** Ends the group and begins another, whose first object comes next; `now` is Unix time in ms. */
  beginGroup(now: number): void;
  /** The next object of the group; in a group with temporal layers, of which layer it is. */
  write(payload: Uint8Array, properties: Properties, layer?: number): void;
  /** Sends no more than so many layers: what is under way is given up now, what comes back begins with a group. */
  setLayers(count: number): void;
  /** What waits to be sent where least waits, in ms of the bit rate: one stuck subscriber does not slow the others. */
  queuedMs(): number;
  /** The same, with what shows only by how late groups have left. */
  waitingMs(now: number): number;
  /** Resets what is stale. */
  expire(now: number): void;
  /** Ends all publications: the source is off. */
  end(): void;
  /** Ends all publications with a code of PUBLISH_DONE, and gives up what is under way. */
  giveUp(code: number): void;
}

/** The relay subscribes once per track; a second one is its next session. */
const PUBLICATIONS_MAX = 8;

/** `listen` makes a listener of a subscriber. `onIdle`: the last one left. */
export function createFanOut(listen: (publication: Publication) => Listener, onIdle: () => void): FanOut {
  let listeners: readonly Listener[] = [];
  let group = 0;
  let next = 0;
  let layers = Infinity;
  /** Of this group: it rises with the next one only. */
  let groupLayers = Infinity;

  const remove = (listener: Listener): void => {
    if (!listeners.includes(listener)) return;
    listeners = listeners.filter((each) => each !== listener);
    if (listeners.length === 0) onIdle();
  };
  const leastOf = (waiting: (listener: Listener) => number): number => {
    const open = listeners.filter((listener) => listener.isOpen()).map(waiting);
    return open.length === 0 ? 0 : Math.min(...open);
  };
  const endAll = (end: (listener: Listener) => void): void => {
    const ending = listeners;
    listeners = [];
    for (const listener of ending) end(listener);
    if (ending.length > 0) onIdle();
  };
  return {
    add(publication) {
      const listener = listen(publication);
      const [oldest] = listeners;
      if (oldest !== undefined && listeners.length >= PUBLICATIONS_MAX) {
        oldest.publication.end();
        remove(oldest);
      }
      listeners = [...listeners, listener];
      publication.ended.then(() => remove(listener));
    },
    isWanted: () => listeners.length > 0,
    wantsGroup: () => listeners.some((listener) => listener.wantsGroup()),
    beginGroup(now) {
      group = nextGroup(group, now);
      next = 0;
      groupLayers = layers;
      for (const listener of listeners) listener.beginGroup(group, now);
    },
    write(payload, properties, layered) {
      const layer = layered ?? 0;
      const object = layered === undefined ? next : objectOf(layer, next);
      next = object + 1;
      if (layer >= groupLayers) return;
      for (const listener of listeners) listener.write({ group, layer, object, payload, properties });
    },
    setLayers(count) {
      layers = count;
      groupLayers = Math.min(groupLayers, count);
      for (const listener of listeners) listener.cut(count);
    },
    queuedMs: () => leastOf((listener) => listener.queuedMs()),
    waitingMs: (now) => leastOf((listener) => listener.waitingMs(now)),
    expire(now) {
      for (const listener of listeners) listener.expire(now);
    },
    end: () => endAll((listener) => listener.finish()),
    giveUp: (code) => endAll((listener) => listener.giveUp(code)),
  };
}
