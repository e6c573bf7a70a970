/** Raises and lowers one's own hand: `hand-toggle`. Moderators see there how many hands are up. */

import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";

export function HandToggle({ view }: { readonly view: RoomView }) {
  const words = text.value.hand;
  const { raised } = view.store.room.value.hands;
  const isUp = raised.some(({ id }) => id === view.store.me);
  const label = isUp ? words.lower : words.raise;
  return (
    <button
      type="button"
      class="tool"
      aria-label={words.raise}
      aria-pressed={isUp}
      aria-keyshortcuts="H"
      title={`${label} (H)`}
      onClick={() => toggleHand(view)}
      data-testid="hand-toggle"
    >
      <span class="tool-face">
        <Icon name="hand" />
      </span>
      <span class="tool-label">{label}</span>
    </button>
  );
}

export function toggleHand(view: RoomView): void {
  const isUp = view.store.room.value.hands.raised.some(({ id }) => id === view.store.me);
  view.ask({ kind: "hand", act: { kind: isUp ? "lower" : "raise" } });
}
