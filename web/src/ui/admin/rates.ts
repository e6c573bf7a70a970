/** What two looks at a server's counters say: pure. */

import type { Overview } from "./ask.ts";

export interface Look {
  readonly at: number;
  readonly overview: Overview;
}

export interface Rates {
  /** Of one core. */
  readonly cpuPercent: number;
  readonly megabits: number;
}

/** The newest look, and the one before. */
export type Looks = readonly [Look] | readonly [Look, Look] | null;

export function rates(looks: Looks): Rates | null {
  const [now, before] = looks ?? [];
  if (now === undefined || before === undefined || now.at <= before.at) return null;
  const ms = now.at - before.at;
  const { load } = now.overview;
  const cpu = load.mediaCpuMs - before.overview.load.mediaCpuMs;
  const bytes = load.sentBytes - before.overview.load.sentBytes;
  // Counters begin anew with the server.
  if (cpu < 0 || bytes < 0) return null;
  return { cpuPercent: (cpu / ms) * 100, megabits: (bytes * 8) / ms / 1_000 };
}
