/** Slides and files as everyone has them, pure. */

import type { Deck, FileChange, SharedFile, SlidesChange, SlidesSnapshot } from "./messages.ts";

export const NO_SLIDES: SlidesSnapshot = { decks: [], shown: null };

export function changeSlides(slides: SlidesSnapshot, change: SlidesChange): SlidesSnapshot {
  switch (change.kind) {
    case "opened":
      return { ...slides, decks: [...slides.decks, change.deck] };
    case "page":
      return changeDeck(slides, change.deck, ({ pages }) => ({ pages: [...pages, change.size] }));
    case "complete":
      return changeDeck(slides, change.deck, () => ({ isComing: false }));
    case "shown":
      return { ...slides, shown: change.shown };
    case "removed":
      return {
        decks: slides.decks.filter(({ id }) => id !== change.deck),
        shown: slides.shown?.deck === change.deck ? null : slides.shown,
      };
  }
}

function changeDeck(slides: SlidesSnapshot, id: number, change: (deck: Deck) => Partial<Deck>): SlidesSnapshot {
  return { ...slides, decks: slides.decks.map((deck) => (deck.id === id ? { ...deck, ...change(deck) } : deck)) };
}

export function changeFiles(files: readonly SharedFile[], change: FileChange): readonly SharedFile[] {
  return change.kind === "added" ? [...files, change.file] : files.filter(({ id }) => id !== change.id);
}
