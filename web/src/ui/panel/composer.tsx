/** Where a message is written. Enter sends, Shift+Enter breaks the line. */

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";

/** Characters the room takes. */
const TEXT_MAX = 2_000;
/** From here on the rest is counted out loud. */
const COUNTED_FROM = 1_800;

export function Composer({ view }: { readonly view: RoomView }) {
  const words = text.value.chat;
  const field = useRef<HTMLTextAreaElement>(null);
  const isFull = useSignal(false);
  const typed = view.typed.value;
  const left = TEXT_MAX - [...typed].length;
  useLayoutEffect(() => {
    // On a touch screen the keyboard would cover what the person came to read.
    if (!matchMedia("(pointer: coarse)").matches) {
      field.current?.focus();
    }
  }, []);
  const send = () => {
    const message = typed.trim();
    if (message === "" || left < 0) {
      return;
    }
    isFull.value = !view.store.say(message);
    view.typed.value = isFull.value ? typed : "";
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {isFull.value ? (
        <p class="field-error" role="alert">
          {words.full}
        </p>
      ) : null}
      <div class="composer-row">
        <textarea
          ref={field}
          rows={1}
          value={typed}
          placeholder={words.placeholder}
          aria-label={words.label}
          aria-invalid={left < 0}
          onInput={(event) => (view.typed.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
              event.preventDefault();
              send();
            }
          }}
          data-testid="chat-input"
        />
        <button type="submit" class="composer-send" aria-label={words.send} aria-disabled={typed.trim() === "" || left < 0} data-testid="chat-send">
          <Icon name="send" />
        </button>
      </div>
      {left > TEXT_MAX - COUNTED_FROM ? null : (
        <p class={left < 0 ? "field-error" : "field-hint"} aria-live="polite">
          {left < 0 ? words.over(-left) : words.left(left)}
        </p>
      )}
    </form>
  );
}
