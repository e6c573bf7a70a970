/**
 * The line in which captions are typed: everyone reads it as it grows, Enter begins the next one.
 *
 * For browser tests: `captions-line`.
 */

import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import { createCaptionLine } from "./line.ts";
import type { CaptionLine } from "./line.ts";

export function CaptionWriter({ view }: { readonly view: RoomView }) {
  return view.captions.isWriting.value && view.captions.mayWrite.value ? <OpenWriter view={view} /> : null;
}

function OpenWriter({ view }: { readonly view: RoomView }) {
  const words = text.value.captions;
  const field = useRef<HTMLInputElement>(null);
  const line = useRef<CaptionLine | null>(null);
  line.current ??= createCaptionLine((caption) => view.ask({ kind: "caption", ...caption }));
  useEffect(() => {
    field.current?.focus();
    return () => line.current?.end();
  }, []);
  const finish = () => {
    line.current?.end();
    if (field.current !== null) field.current.value = "";
  };
  return (
    <form
      class="caption-writer"
      aria-label={words.write}
      onSubmit={(event) => {
        event.preventDefault();
        finish();
      }}
    >
      <Icon name="captions" />
      <input
        ref={field}
        type="text"
        aria-label={words.line}
        placeholder={words.placeholder}
        autocomplete="off"
        onInput={({ currentTarget }) => {
          currentTarget.value = line.current?.type(currentTarget.value) ?? "";
        }}
        data-testid="captions-line"
      />
      <button type="button" class="icon-button" aria-label={words.stop} onClick={() => (view.captions.isWriting.value = false)}>
        <Icon name="close" />
      </button>
    </form>
  );
}
