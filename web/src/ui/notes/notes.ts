/** The notes before they are open: what they need is loaded then, and they are followed while they are open. */

import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { ToEngine } from "../../engine/messages.ts";
import type { RoomView } from "../view.ts";

/** What is loaded. */
export interface Notebook {
  take(text: string): void;
  close(): void;
  readonly Pages: ComponentType;
}

export interface Notes {
  /** Null until it is loaded. */
  readonly book: ReadonlySignal<Notebook | null>;
  /** It could not be loaded. */
  readonly hasFailed: ReadonlySignal<boolean>;
  open(view: RoomView): void;
  shut(): void;
  /** An object of the `notes` track. */
  take(text: string): void;
  close(): void;
}

export function createNotes(post: (message: ToEngine) => void): Notes {
  const book = signal<Notebook | null>(null);
  const hasFailed = signal(false);
  let isOpen = false;
  let isLoading = false;

  const load = async (view: RoomView): Promise<void> => {
    const { createNotebook } = await import("./notebook.tsx");
    book.value = createNotebook(view);
  };
  const follow = (): void => {
    if (book.peek() !== null) post({ kind: "followNotes", isWanted: isOpen });
  };
  return {
    book,
    hasFailed,
    open(view) {
      isOpen = true;
      follow();
      if (book.peek() !== null || isLoading) return;
      isLoading = true;
      hasFailed.value = false;
      load(view)
        .then(follow, () => (hasFailed.value = true))
        .finally(() => (isLoading = false));
    },
    shut() {
      isOpen = false;
      follow();
    },
    take: (text) => book.peek()?.take(text),
    close: () => book.peek()?.close(),
  };
}
