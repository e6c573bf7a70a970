/** Slides and files are loaded behind the room, or at once when there are any: nobody waits for them to join. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import type { RoomView } from "../view.ts";
import type * as Part from "./part.ts";

const part = signal<typeof Part | null>(null);
/** A part that did not come is asked for again. */
const AGAIN_MS = 2_000;

function load(): () => void {
  let again: ReturnType<typeof setTimeout> | undefined;
  const ask = (): void => {
    import("./part.ts").then(
      (loaded) => (part.value = loaded),
      () => (again = setTimeout(ask, AGAIN_MS)),
    );
  };
  if (part.peek() === null) ask();
  return () => clearTimeout(again);
}

/** By then everyone is seen and heard: on a weak line the first slide should not wait for this as well. */
const SOON_MS = 5_000;

export function loadSoon(): () => void {
  let stop: (() => void) | undefined;
  const timer = setTimeout(() => (stop = load()), SOON_MS);
  return () => {
    clearTimeout(timer);
    stop?.();
  };
}

export function LazySlide({ view }: { readonly view: RoomView }) {
  useEffect(load, []);
  const Slide = part.value?.Slide;
  return Slide === undefined ? <p class="stage-note">{text.value.content.loading}</p> : <Slide view={view} />;
}

export function LazyFiles({ view }: { readonly view: RoomView }) {
  useEffect(load, []);
  const Files = part.value?.Files;
  return Files === undefined ? <p class="panel-note">{text.value.content.loading}</p> : <Files view={view} />;
}
