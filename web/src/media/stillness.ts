/** Whether a picture that should move stands still: pure, over when it was drawn and since when it is seen. */

/** A picture that stands still for this long is told. */
export const STILL_MS = 1_000;

export interface Stillness {
  /** The picture is seen from now on, or not any more. */
  setSeen(isSeen: boolean, now: number): void;
  /** Since when it stands still, when that has changed; times are in ms. */
  look(drawnAt: number | undefined, now: number): { readonly since: number | undefined } | undefined;
}

export function stillness(): Stillness {
  let seenSince: number | undefined;
  let told: number | undefined;
  return {
    setSeen(isSeen, now) {
      if (isSeen !== (seenSince !== undefined)) seenSince = isSeen ? now : undefined;
    },
    look(drawnAt, now) {
      // Nobody saw what was missed while the picture was hidden.
      const isStill = seenSince !== undefined && drawnAt !== undefined && now - Math.max(drawnAt, seenSince) >= STILL_MS;
      const since = isStill ? drawnAt : undefined;
      if (since === told) return undefined;
      told = since;
      return { since };
    },
  };
}
