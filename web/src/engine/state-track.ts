/**
 * Which track has the room's state for us: the one with everyone's name, the one without those of viewers,
 * or none while we wait outside. The room decides and changes its mind; we ask for the other one then.
 */

import type { RequestEnd } from "../moqt/types.ts";

const TRACKS = ["state", "state/viewers"] as const;

/** MoQT's UNAUTHORIZED, of a request and of a subscription. */
const UNAUTHORIZED = 0x1;

/** Who waits outside hears of it when that is over; in case it was not heard, we ask this often. */
const ASK_AGAIN_MS = 5_000;

export type StateTrack = (typeof TRACKS)[number];

export interface FollowedState {
  /** Something was heard by which we may be in. */
  askAgain(): void;
}

/** The room does not let us, now. */
export function isUnauthorized(end: RequestEnd): boolean {
  return (end.kind === "refused" || end.kind === "done") && end.code === UNAUTHORIZED;
}

/** Subscribes by `ask` as long as the session lives; `onBroken` for any end that the room does not want. */
export function followState(ask: (track: StateTrack) => Promise<RequestEnd>, onBroken: (end: RequestEnd) => void): FollowedState {
  /** Tracks that were refused one after the other. */
  let refused = 0;
  let isNews = false;
  let rest: ReturnType<typeof setTimeout> | undefined;

  const begin = (index: number): void => {
    void ask(TRACKS[index % TRACKS.length] ?? "state").then((end) => {
      if (end.kind === "sessionClosed") return;
      if (!isUnauthorized(end)) return onBroken(end);
      refused = end.kind === "refused" ? refused + 1 : 0;
      if (refused < TRACKS.length || isNews) goOn(index);
      else rest = setTimeout(() => goOn(index), ASK_AGAIN_MS);
    });
  };
  const goOn = (index: number): void => {
    if (refused >= TRACKS.length) refused = 0;
    isNews = false;
    rest = undefined;
    begin(index + 1);
  };
  begin(0);
  return {
    askAgain() {
      isNews = true;
      if (rest === undefined) return;
      clearTimeout(rest);
      goOn(1);
    },
  };
}
