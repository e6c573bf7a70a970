/** Loads the whiteboard when one is shown first: who never sees one never loads it. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { loadStyle } from "../../style.ts";
import type { RoomView } from "../view.ts";
import type { SlideBoardProps } from "./slide-board.tsx";
import type * as Part from "./stage-board.tsx";

const loaded = signal<typeof Part | null>(null);
const hasFailed = signal(false);

async function load(): Promise<void> {
  hasFailed.value = false;
  try {
    const [module] = await Promise.all([import("./stage-board.tsx"), loadStyle("board.css")]);
    loaded.value = module;
  } catch {
    hasFailed.value = true;
  }
}

export function LazyBoard({ view, board }: { readonly view: RoomView; readonly board: string }) {
  useEffect(() => {
    if (loaded.peek() === null) void load();
  }, []);
  const words = text.value;
  if (loaded.value !== null) {
    const { StageBoard } = loaded.value;
    return <StageBoard view={view} board={board} />;
  }
  return hasFailed.value ? (
    <p class="stage-note">
      {words.board.notLoaded}{" "}
      <button type="button" class="button button-small" onClick={() => void load()}>
        {words.again}
      </button>
    </p>
  ) : (
    <p class="stage-note">{words.board.loading}</p>
  );
}

/** A slide is there without what is drawn over it: when that does not come, it is asked for with the next page. */
export function LazySlideBoard(props: SlideBoardProps) {
  useEffect(() => {
    if (loaded.peek() === null) void load();
  }, [props.board]);
  const SlideBoard = loaded.value?.SlideBoard;
  return SlideBoard === undefined ? null : <SlideBoard {...props} />;
}

export function LazySlideTools() {
  const SlideTools = loaded.value?.SlideTools;
  return SlideTools === undefined ? null : <SlideTools />;
}

/** What is drawn over a slide, small; while it is not here there is the slide. */
export function LazyDrawing(props: Parameters<typeof Part.Thumbnail>[0]) {
  const Thumbnail = loaded.value?.Thumbnail;
  return Thumbnail === undefined ? null : <Thumbnail {...props} isOver />;
}

export function LazySlideMenu(props: Parameters<typeof Part.SlideMenu>[0]) {
  useEffect(() => {
    if (loaded.peek() === null) void load();
  }, []);
  const SlideMenu = loaded.value?.SlideMenu;
  return SlideMenu === undefined ? null : <SlideMenu {...props} />;
}
