/**
 * Groups that were finished and have not left yet.
 *
 * Chromium takes 64 KiB of every stream whether the line carries them or not, so bytes that wait there
 * are not seen; but it tells when the end of a stream has been acknowledged. What that takes beyond the
 * shortest time seen is time that the end has waited.
 */

import type { SubgroupWriter } from "../../moqt/types.ts";

export interface LeavingGroups {
  /** A group's streams were finished now. */
  add(writers: readonly SubgroupWriter[], now: number): void;
  /** How long ends of groups wait. */
  lateMs(now: number): number;
  /** Resets with `code` what has waited for longer than `staleMs`. */
  expire(now: number, staleMs: number, code: number): void;
}

/** Share by which the shortest time follows longer ones: in minutes, when the network changed. */
const RISE = 0.02;
/** This late one group is enough; one that is less late may only have lost its last packet. */
const CERTAIN_MS = 1_000;

interface Leaving {
  readonly writers: readonly SubgroupWriter[];
  readonly since: number;
}

/** One stream that has left is enough: another one may repeat a lost packet. */
const hasLeft = ({ writers }: Leaving): boolean => writers.some(({ isDrained }) => isDrained);

export function leavingGroups(): LeavingGroups {
  let leaving: readonly Leaving[] = [];
  let shortest: number | undefined;
  /** How late the last two groups were. */
  let late: readonly [number, number] = [0, 0];

  const note = (tookMs: number): void => {
    shortest = shortest === undefined || tookMs < shortest ? tookMs : shortest + (tookMs - shortest) * RISE;
    late = [late[1], tookMs - shortest];
  };
  const see = (now: number): void => {
    for (const group of leaving) if (hasLeft(group)) note(now - group.since);
    leaving = leaving.filter((group) => !hasLeft(group));
  };
  return {
    add(writers, now) {
      if (writers.length > 0) leaving = [...leaving, { writers, since: now }];
    },
    lateMs(now) {
      see(now);
      const oldest = leaving[0];
      const waitsMs = oldest === undefined ? 0 : now - oldest.since - (shortest ?? Infinity);
      const [before, last] = waitsMs > late[1] ? [late[1], waitsMs] : late;
      return last > CERTAIN_MS ? last : Math.max(Math.min(before, last), 0);
    },
    expire(now, staleMs, code) {
      see(now);
      const isStale = ({ since }: Leaving): boolean => now - since > staleMs + (shortest ?? 0);
      for (const group of leaving.filter(isStale)) {
        for (const writer of group.writers) writer.reset(code);
        late = [late[1], Math.max(now - group.since - (shortest ?? 0), CERTAIN_MS + 1)];
      }
      leaving = leaving.filter((group) => !isStale(group));
    },
  };
}
