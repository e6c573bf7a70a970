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
  /** While something is shown: the layout for all that held when that began, and does no more. */
  readonly shown: { readonly over: Layout | null } | null;
}

export interface Surroundings {
  /** What moderators set for everyone. */
  readonly forAll: Layout | null;
  /** Slides, a whiteboard or a screen are shown. */
  readonly isShowing: boolean;
  readonly isModerator: boolean;
}

export const NO_CHOICE: Choice = { usual: null, meanwhile: null, left: null, shown: null };

/** Whoever wants sound alone has a reason for it, whatever others want. */
export function layoutOf(choice: Choice, { forAll, isShowing, isModerator }: Surroundings): Layout {
  if (choice.usual === "audio") {
    return "audio";
  }
  const isOver = choice.shown !== null && forAll === choice.shown.over;
  if (forAll !== null && forAll !== choice.left && !isOver) {
    return forAll;
  }
  if (isShowing) {
    return choice.meanwhile ?? "presentation";
  }
  return choice.usual ?? (isModerator ? "gallery" : "presentation");
}

/** The choice after the person picked a layout, or null for what the page and the teacher find right. */
export function pick(before: Choice, layout: Layout | null, { forAll, isShowing }: Surroundings): Choice {
  const { shown } = before;
  if (layout === null) {
    return { ...NO_CHOICE, shown };
  }
  const isForNow = isShowing && layout !== "audio" && before.usual !== "audio";
  return { usual: isForNow ? before.usual : layout, meanwhile: isShowing ? layout : null, left: forAll, shown };
}

/** What is over is forgotten, and it is noted when something begins to be shown; the same value when nothing changes. */
export function settle(choice: Choice, { forAll, isShowing }: Surroundings): Choice {
  const meanwhile = isShowing ? choice.meanwhile : null;
  const left = forAll === choice.left ? choice.left : null;
  const shown = isShowing ? (choice.shown ?? { over: forAll }) : null;
  const isSame = meanwhile === choice.meanwhile && left === choice.left && shown === choice.shown;
  return isSame ? choice : { ...choice, meanwhile, left, shown };
}
