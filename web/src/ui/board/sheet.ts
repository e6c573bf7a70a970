/** What a board is drawn on: white paper, or that page of slides over which it lies. */

import { effect } from "@preact/signals";
import type { RoomView } from "../view.ts";

/** That of paper. */
export const RATIO = 16 / 9;
/** A picture that does not come in this time is left out. */
const PATIENCE_MS = 15_000;

export interface Sheet {
  /** Width for its height. */
  readonly ratio: number;
  readonly picture: HTMLImageElement | null;
}

/** The page of slides below a board; null for one that lies on paper. */
function slideBelow(board: string): { readonly deck: number; readonly page: number } | null {
  const [, deck, page] = /^slides\/(\d+)\/(\d+)$/.exec(board) ?? [];
  return deck === undefined || page === undefined ? null : { deck: Number(deck), page: Number(page) };
}

export async function sheetOf(view: RoomView, board: string): Promise<Sheet> {
  const slide = slideBelow(board);
  const [width, height] = view.store.room.peek().slides.decks.find(({ id }) => id === slide?.deck)?.pages[slide?.page ?? 0] ?? [];
  if (slide === null || width === undefined || height === undefined) {
    return { ratio: RATIO, picture: null };
  }
  const address = await addressOf(view, slide);
  const picture = address === null ? null : await pictureAt(address);
  return { ratio: width / height, picture };
}

/** The sharp picture of a slide, or the first one where the other does not come. */
function addressOf({ content }: RoomView, slide: { readonly deck: number; readonly page: number }): Promise<string | null> {
  const small = content.pages.picture(slide, "small", "now");
  const sharp = content.pages.picture(slide, "sharp", "sharper");
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(small.peek()), PATIENCE_MS);
    const stop = effect(() => {
      if (sharp.value !== null) queueMicrotask(() => done(sharp.peek()));
    });
    const done = (address: string | null): void => {
      clearTimeout(timer);
      stop();
      resolve(address);
    };
  });
}

async function pictureAt(address: string): Promise<HTMLImageElement | null> {
  const picture = new Image();
  picture.src = address;
  try {
    await picture.decode();
    return picture;
  } catch {
    return null;
  }
}
