/**
 * Whether packets of ours get lost: pure, over what a browser counts.
 *
 * What is sent twice costs a line little and helps it much, so a few losses are enough; but one alone
 * is nothing, and a line that has lost packets is not held to be well as soon as none is lost.
 */

/** Since the session began. */
export interface PacketCounts {
  readonly sent: number;
  readonly lost: number;
}

export interface Losses {
  readonly isLossy: boolean;
  /** The last ones, oldest first. */
  readonly counted: readonly PacketCounts[];
}

export const NO_LOSSES: Losses = { isLossy: false, counted: [] };

/** Counts that are compared with the newest; one a second are ten seconds. */
const COUNTS_MAX = 11;
/** One lost packet in a hundred is a lost frame of speech every two seconds. */
const LOSSY_FROM = 0.01;
const LOSSY_UNTIL = 0.003;
/** A packet that was lost alone may have been a change of access point. */
const LOST_MIN = 3;

/** The next state, after `counts` was told. */
export function noted({ isLossy, counted }: Losses, counts: PacketCounts): Losses {
  const kept = [...counted, counts].slice(-COUNTS_MAX);
  const oldest = kept[0] ?? counts;
  const lost = counts.lost - oldest.lost;
  const share = lost / Math.max(counts.sent - oldest.sent, 1);
  const isLossyNow = isLossy ? share >= LOSSY_UNTIL : lost >= LOST_MIN && share >= LOSSY_FROM;
  return { isLossy: isLossyNow, counted: kept };
}
