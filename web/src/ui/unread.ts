/** Counts messages of others that came while the chat was closed. */

import { computed, effect, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { RoomStore } from "../room/store.ts";
import type { PanelName } from "./view.ts";

export interface Unread {
  readonly count: ReadonlySignal<number>;
  close(): void;
}

/** What was said before one came in counts as read. */
export function watchUnread(store: RoomStore, panel: ReadonlySignal<PanelName | null>): Unread {
  const readUpTo = signal<number | null>(null);
  const close = effect(() => {
    const { chat, revision } = store.room.value;
    const isReading = panel.value === "chat";
    if (revision >= 0 && (isReading || readUpTo.peek() === null)) {
      readUpTo.value = chat.at(-1)?.id ?? -1;
    }
  });
  const count = computed(() => {
    const from = readUpTo.value;
    return from === null ? 0 : store.room.value.chat.filter(({ id, author }) => id > from && author !== store.me).length;
  });
  return { count, close };
}
