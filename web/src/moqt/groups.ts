/** Group IDs that rise with time, also over a restart of the publisher (docs/protocol.md). */

/** The ID after `previous`; `now` is Unix time in ms. */
export const nextGroup = (previous: number, now: number): number => Math.max(previous + 1, Math.floor(now));
