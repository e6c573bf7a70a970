/** What pictures are called between the page and the engine: a camera by its participant, a screen by both. */

import type { PictureKind } from "./catalog.ts";

const SCREEN = "/screen";

/** Whose picture it is, and of what. */
export interface PictureOf {
  readonly participant: string;
  readonly kind: PictureKind;
}

/** The screen that a participant shares. */
export const screenOf = (participant: string): string => `${participant}${SCREEN}`;

export const pictureOf = (name: string): PictureOf =>
  name.endsWith(SCREEN) ? { participant: name.slice(0, -SCREEN.length), kind: "screen" } : { participant: name, kind: "cam" };

export const nameOfPicture = ({ participant, kind }: PictureOf): string => (kind === "screen" ? screenOf(participant) : participant);
