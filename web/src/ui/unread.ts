/** Counts messages of others that came while the chat was closed. */

import { computed, effect, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { RoomStore } from "../room/store.ts";
import type { PanelName } from "./view.ts";

export interface Unread {
  readonly count: ReadonlySignal<number>;
  close(): void;
}

interface Read {
  /** Newest public message that was read. */
  readonly upTo: number;
  /** Unix time in ms up to which private messages were read. */
  readonly until: number;
}

/** What was said before one came in counts as read. */
export function watchUnread(store: RoomStore, panel: ReadonlySignal<PanelName | null>): Unread {
  const read = signal<Read | null>(null);
  const close = effect(() => {
    const { chat, revision } = store.room.value;
    const { messages } = store.inbox.value;
    const isReading = panel.value === "chat";
    if (revision >= 0 && (isReading || read.peek() === null)) {
      read.value = { upTo: chat.at(-1)?.id ?? -1, until: messages.at(-1)?.at ?? -1 };
    }
  });
  const count = computed(() => {
    const known = read.value;
    if (known === null) {
      return 0;
    }
    const open = store.room.value.chat.filter(({ id, author }) => id > known.upTo && author !== store.me);
    const secret = store.inbox.value.messages.filter(({ at, author }) => at > known.until && author !== store.me);
    return open.length + secret.length;
  });
  return { count, close };
}
