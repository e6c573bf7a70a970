/**
 * One subscriber of an encoded track: its group's streams, one for each temporal layer.
 *
 * Nothing is left out inside a subgroup. When more than the allowance has waited for a second the group
 * is reset, and the next one goes on.
 */

import type { Properties, Publication, SubgroupWriter } from "../../moqt/types.ts";
import { leavingGroups } from "./leaving.ts";

/** What a track may use of the line. */
export interface Share {
  /** bit/s */
  readonly bitrate: number;
  /** What may wait on a stream that is well, in ms of the bit rate. */
  readonly allowanceMs: number;
}

export interface Written {
  readonly group: number;
  readonly layer: number;
  readonly object: number;
  readonly payload: Uint8Array;
  readonly properties: Properties;
}

export interface Listener {
  readonly publication: Publication;
  /** Waits for a group to begin. */
  wantsGroup(): boolean;
  /** Objects of the group reach it. */
  isOpen(): boolean;
  beginGroup(group: number, now: number): void;
  write(written: Written): void;
  /** Gives up the layers from this one on. */
  cut(layer: number): void;
  /** What waits to be sent, in ms of the bit rate. */
  queuedMs(): number;
  /** The same, with what shows only by how late groups have left. */
  waitingMs(now: number): number;
  /** Resets what is stale. */
  expire(now: number): void;
  finish(): void;
  /** Ends with a code of PUBLISH_DONE; what is under way is given up. */
  giveUp(code: number): void;
}

/** DELIVERY_TIMEOUT and EXCESSIVE_LOAD of the draft. */
const RESET_STALE = 0x2;
const RESET_LOAD = 0x9;
const STALE_MS = 1_000;

/** Makes listeners on streams. */
export const onStreams =
  (share: Share) =>
  (publication: Publication): Listener =>
    createListener(publication, share);

function createListener(publication: Publication, { bitrate, allowanceMs }: Share): Listener {
  const leaving = leavingGroups();
  /** The group's streams by layer. */
  let writers = new Map<number, SubgroupWriter>();
  /** Since when more than the allowance waits. */
  let backedUpSince: number | undefined;

  const isOpen = (): boolean => writers.get(0)?.isOpen === true;
  /** Of all layers: they share the line. */
  const queuedMs = (): number => {
    const bytes = [...writers.values()].reduce((sum, writer) => sum + (writer.isOpen ? writer.queuedBytes : 0), 0);
    return (bytes * 8_000) / bitrate;
  };
  const reset = (code: number): void => {
    for (const writer of writers.values()) writer.reset(code);
    writers = new Map();
  };
  return {
    publication,
    wantsGroup: () => !isOpen() || publication.wantsGroup,
    isOpen,
    beginGroup(group, now) {
      const finishing = [...writers.values()].filter((writer) => writer.isOpen);
      for (const writer of finishing) writer.finish();
      leaving.add(finishing, now);
      writers = new Map([[0, publication.openSubgroup(group, 0)]]);
      backedUpSince = undefined;
    },
    write({ group, layer, object, payload, properties }) {
      if (!isOpen()) return;
      const writer = writers.get(layer) ?? publication.openSubgroup(group, layer);
      writers.set(layer, writer);
      writer.write(payload, properties, object);
    },
    cut(from) {
      for (const [layer, writer] of writers) if (layer >= from) writer.reset(RESET_LOAD);
    },
    queuedMs,
    waitingMs: (now) => Math.max(queuedMs(), leaving.lateMs(now)),
    expire(now) {
      leaving.expire(now, STALE_MS, RESET_STALE);
      const isBackedUp = isOpen() && queuedMs() > allowanceMs;
      backedUpSince = isBackedUp ? (backedUpSince ?? now) : undefined;
      if (now - (backedUpSince ?? now) <= STALE_MS) return;
      reset(RESET_STALE);
      backedUpSince = undefined;
    },
    finish() {
      for (const writer of writers.values()) writer.finish();
      publication.end();
    },
    giveUp(code) {
      reset(RESET_LOAD);
      publication.end(code);
    },
  };
}
