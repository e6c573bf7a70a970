/**
 * The slide on the stage, with what turns pages and looks closer.
 *
 * For browser tests: `slide` with `data-deck`, `data-page`, `data-form` and `data-following`, `slide-picture`,
 * `slide-text`, `slide-previous`, `slide-next`, `slide-number`, `slide-follow`, `slide-zoom-in`, `slide-zoom-out`,
 * `slide-words`, `slide-draw`, `slide-save`, `slide-strip`, `slide-close`, `slide-thumb` with `data-page`.
 */

import { useEffect } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { LazySlideMenu, LazySlideTools } from "../board/lazy.tsx";
import { mayDrawOn, slideBoard } from "../board/stage-choice.ts";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import type { ContentView } from "./content.ts";
import { SlidePage } from "./slide-page.tsx";
import { Strip } from "./strip.tsx";

const ZOOMS = [1, 1.5, 2, 3] as const;
/** How many pages are fetched ahead. */
const AHEAD = 2;

export function Slide({ view }: { readonly view: RoomView }) {
  const { content } = view;
  const place = content.place.value;
  useEffect(() => listenToKeys(view), [view]);
  useEffect(() => () => void (content.isDrawing.value = false), [content]);
  useEffect(() => fetchAhead(content), [content, place?.deck, place?.page, place?.of.pages.length]);
  if (place === null) {
    return null;
  }
  const words = text.value.content;
  return (
    <section class="slide" aria-label={words.slides} data-following={content.isFollowing.value} data-strip={content.isPresenter.value && content.isStripOpen.value}>
      <SlidePage view={view} place={place} zoom={content.zoom.value} />
      {content.isDrawing.value && mayDrawOn(view, slideBoard(place)) ? <LazySlideTools /> : null}
      <Bar view={view} />
      {content.isPresenter.value && content.isStripOpen.value ? <Strip view={view} place={place} /> : null}
    </section>
  );
}

function Bar({ view }: { readonly view: RoomView }) {
  const { content } = view;
  const words = text.value.content;
  const place = content.place.value;
  if (place === null) {
    return null;
  }
  const { page, of } = place;
  const zoom = content.zoom.value;
  const at = ZOOMS.findIndex((step) => step >= zoom);
  const zoomTo = (index: number) => (content.zoom.value = ZOOMS[index] ?? zoom);
  return (
    <div class="slide-bar">
      <BarButton icon="previous" label={words.previous} isOff={page === 0} onPress={() => content.turnTo(page - 1)} testId="slide-previous" />
      <span class="slide-number" data-testid="slide-number">
        {words.page(page + 1, of.length)}
      </span>
      <BarButton icon="next" label={words.next} isOff={page + 1 >= of.pages.length} onPress={() => content.turnTo(page + 1)} testId="slide-next" />
      {content.isFollowing.value ? null : (
        <button type="button" class="chip slide-follow" onClick={content.follow} data-testid="slide-follow">
          {words.follow}
        </button>
      )}
      <span class="slide-bar-rest" />
      <BarButton icon="zoomOut" label={words.zoomOut} isOff={at <= 0} onPress={() => zoomTo(at - 1)} testId="slide-zoom-out" />
      <BarButton icon="zoomIn" label={words.zoomIn} isOff={at + 1 >= ZOOMS.length} onPress={() => zoomTo(at + 1)} testId="slide-zoom-in" />
      {mayDrawOn(view, slideBoard(place)) ? <BarToggle icon="edit" label={words.draw} isOn={content.isDrawing} testId="slide-draw" /> : null}
      <BarToggle icon="save" label={words.save} isOn={content.isMenuOpen} testId="slide-save" controls="slide-menu" />
      {content.isMenuOpen.value ? <LazySlideMenu view={view} board={slideBoard(place)} of={of} onClose={() => (content.isMenuOpen.value = false)} /> : null}
      <BarToggle icon="text" label={words.words} isOn={content.isTextOpen} testId="slide-words" />
      {content.isPresenter.value ? (
        <>
          <BarToggle icon="strip" label={words.overview} isOn={content.isStripOpen} testId="slide-strip-toggle" />
          <BarButton icon="close" label={words.hide} isOff={false} onPress={content.hide} testId="slide-close" />
        </>
      ) : null}
    </div>
  );
}

interface BarButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly isOff: boolean;
  readonly onPress: () => void;
  readonly testId: string;
}

/** Where it can do nothing it keeps the focus. */
function BarButton({ icon, label, isOff, onPress, testId }: BarButtonProps) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} aria-disabled={isOff} onClick={() => (isOff ? undefined : onPress())} data-testid={testId}>
      <Icon name={icon} />
    </button>
  );
}

interface BarToggleProps {
  readonly icon: IconName;
  readonly label: string;
  readonly isOn: ContentView["isTextOpen"];
  readonly testId: string;
  /** What it opens. */
  readonly controls?: string;
}

function BarToggle({ icon, label, isOn, testId, controls }: BarToggleProps) {
  const state = controls === undefined ? { "aria-pressed": isOn.value } : { "aria-expanded": isOn.value, "aria-controls": controls };
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} {...state} onClick={() => (isOn.value = !isOn.peek())} data-testid={testId}>
      <Icon name={icon} />
    </button>
  );
}

function fetchAhead({ place, pages }: ContentView): void {
  const at = place.peek();
  if (at === null) {
    return;
  }
  const last = Math.min(at.page + AHEAD, at.of.pages.length - 1);
  for (let page = at.page + 1; page <= last; page++) {
    pages.picture({ deck: at.deck, page }, "small", "soon");
    pages.words({ deck: at.deck, page }, "soon");
  }
}

/** Pages by arrows, as everywhere; what is written in or scrolled keeps its keys. */
function listenToKeys({ content, dialog }: RoomView): () => void {
  const onKey = (event: KeyboardEvent) => {
    const at = content.place.peek();
    const isOurs = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable], [role=menu], .panel *, .slide-text") === null;
    if (at === null || !isOurs || dialog.peek() !== null || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const step = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    const page = step === undefined ? { Home: 0, End: at.of.pages.length - 1 }[event.key] : at.page + step;
    if (page !== undefined) {
      event.preventDefault();
      content.turnTo(page);
    }
  };
  addEventListener("keydown", onKey);
  return () => removeEventListener("keydown", onKey);
}
