/**
 * Captions that somebody types, over the foot of the stage, for those who switched them on.
 *
 * For browser tests: `captions`, `caption`; in the menu of layouts `captions-show`, `captions-write`.
 */

import { useComputed } from "@preact/signals";
import { text } from "../../i18n/language.ts";
import type { RoomView } from "../view.ts";

export function Captions({ view }: { readonly view: RoomView }) {
  const lines = useComputed(() => view.store.passing.value.flatMap(({ key, what }) => (what.kind === "caption" ? [{ key, words: what.text }] : []))).value;
  return !view.captions.isShown.value || lines.length === 0 ? null : (
    // Who listens to a screen reader hears what is written here.
    <div class="captions" aria-hidden="true" data-testid="captions">
      {lines.toSorted((a, b) => a.key - b.key).map(({ key, words }) => (
        <p key={key} data-testid="caption">
          {words}
        </p>
      ))}
    </div>
  );
}

/** Whether captions are shown, and for those who may: whether they are written. */
export function CaptionChoices({ view }: { readonly view: RoomView }) {
  const words = text.value.captions;
  const { isShown, isWriting, mayWrite, show } = view.captions;
  return (
    <div class="caption-choices">
      <label class="caption-choice">
        <input type="checkbox" checked={isShown.value} onChange={({ currentTarget }) => show(currentTarget.checked)} data-testid="captions-show" />
        {words.show}
      </label>
      {mayWrite.value ? (
        <label class="caption-choice">
          <input type="checkbox" checked={isWriting.value} onChange={({ currentTarget }) => (isWriting.value = currentTarget.checked)} data-testid="captions-write" />
          {words.write}
        </label>
      ) : null}
    </div>
  );
}
