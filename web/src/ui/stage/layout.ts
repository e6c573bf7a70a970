/** Which layout a stage has: pure, over what its person chose, what is set for all, and what is shown. */

import type { Layout } from "../../room/messages.ts";

/** What a person chose; null leaves it to the page. */
export interface Choice {
  /** Also in the next lesson. */
  readonly usual: Layout | null;
  /** Since something is shown, and as long as it is. */
  readonly meanwhile: Layout | null;
  /** The layout for all that the person turned away from. */
  readonly left: Layout | null;
}

export interface Surroundings {
  /** What moderators set for everyone. */
  readonly forAll: Layout | null;
  /** Slides or a whiteboard are shown. */
  readonly isShowing: boolean;
  readonly isModerator: boolean;
}

export const NO_CHOICE: Choice = { usual: null, meanwhile: null, left: null };

/** Whoever wants sound alone has a reason for it, whatever others want. */
export function layoutOf(choice: Choice, { forAll, isShowing, isModerator }: Surroundings): Layout {
  if (choice.usual === "audio") {
    return "audio";
  }
  if (forAll !== null && forAll !== choice.left) {
    return forAll;
  }
  if (isShowing) {
    return choice.meanwhile ?? "presentation";
  }
  return choice.usual ?? (isModerator ? "gallery" : "presentation");
}

/** The choice after the person picked a layout, or null for what the page and the teacher find right. */
export function pick(before: Choice, layout: Layout | null, { forAll, isShowing }: Surroundings): Choice {
  if (layout === null) {
    return NO_CHOICE;
  }
  const isForNow = isShowing && layout !== "audio" && before.usual !== "audio";
  return { usual: isForNow ? before.usual : layout, meanwhile: isShowing ? layout : null, left: forAll };
}

/** What is over is forgotten; the same value when nothing is. */
export function settle(choice: Choice, { forAll, isShowing }: Surroundings): Choice {
  const meanwhile = isShowing ? choice.meanwhile : null;
  const left = forAll === choice.left ? choice.left : null;
  return meanwhile === choice.meanwhile && left === choice.left ? choice : { ...choice, meanwhile, left };
}
