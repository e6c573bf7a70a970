/** Whether a picture that should move stands still: pure, over when it was drawn and since when it is seen. */


export interface Stillness {
  /** The picture is seen from now on, or not any more. */
  setSeen(isSeen: boolean, now: number): void;
  /** Since when it stands still, when that has changed; times are in ms. */
  look(drawnAt: number | undefined, now: number): { readonly since: number | undefined } | undefined;
}

/** A picture that stands still for `stillMs` is told. */
export function stillness(stillMs: number): Stillness {
  let seenSince: number | undefined;
  let told: number | undefined;
  return {
    setSeen(isSeen, now) {
      if (isSeen !== (seenSince !== undefined)) seenSince = isSeen ? now : undefined;
    },
    look(drawnAt, now) {
      // Nobody saw what was missed while the picture was hidden.
      const isStill = seenSince !== undefined && drawnAt !== undefined && now - Math.max(drawnAt, seenSince) >= stillMs;
      const since = isStill ? drawnAt : undefined;
      if (since === told) return undefined;
      told = since;
      return { since };
    },
  };
}
