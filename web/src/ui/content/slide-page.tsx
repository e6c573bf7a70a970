/** One page: the best picture that is here, its words, and what is drawn over it. */

import { useMemo } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { LazySlideBoard } from "../board/lazy.tsx";
import { slideBoard } from "../board/stage-choice.ts";
import type { RoomView } from "../view.ts";
import type { ContentView } from "./content.ts";
import { decodeRuns } from "./runs.ts";
import { TextLayer } from "./text-layer.tsx";

type Place = NonNullable<ContentView["place"]["value"]>;

interface SlidePageProps {
  readonly view: RoomView;
  readonly place: Place;
  readonly zoom: number;
}

export function SlidePage({ view, place, zoom }: SlidePageProps) {
  const words = text.value.content;
  const { pages, isTextOpen } = view.content;
  const { deck, page, of } = place;
  const [width, height] = of.pages[page] ?? [16, 9];
  const isThere = page < of.pages.length;
  const small = isThere ? pages.picture(place, "small", "now").value : null;
  const sharp = small === null ? null : pages.picture(place, "sharp", "sharper").value;
  const sharper = zoom > 1 && sharp !== null ? pages.picture(place, "sharper", "sharper").value : null;
  const sent = small === null ? null : pages.words(place, "now").value;
  const written = useMemo(() => (sent === null ? null : decodeRuns(sent)), [sent]);
  const address = sharper ?? sharp ?? small;
  const form = sharper === null ? (sharp === null ? (small === null ? "none" : "small") : "sharp") : "sharper";
  const name = words.slide(page + 1, of.length, of.name);
  return (
    <div class="slide-view" data-testid="slide" data-deck={deck} data-page={page} data-form={form} data-following={view.content.isFollowing.value}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls when it is enlarged */}
      <div class="slide-scroll" {...(zoom > 1 ? { tabIndex: 0 } : {})}>
        <div class="slide-box" style={{ "--ratio": `${width / height}`, "--zoom": `${zoom}` }}>
          {address === null ? (
            <p class="slide-wait">{words.coming}</p>
          ) : (
            <img key={`${deck}/${page}`} class="slide-picture" src={address} alt={name} draggable={false} data-testid="slide-picture" />
          )}
          {written === null || written.runs.length === 0 ? null : <TextLayer key={`${deck}/${page}`} runs={written.runs} />}
          {/* The picture comes first on a weak line. */}
          <div class="slide-overlay" data-deck={deck} data-page={page}>
            {address === null ? null : <LazySlideBoard view={view} board={slideBoard(place)} ratio={width / height} />}
          </div>
        </div>
      </div>
      <div class={isTextOpen.value ? "slide-text" : "hidden"} aria-live="polite" data-testid="slide-text">
        {written?.text ?? (isTextOpen.value ? words.noWords : "")}
      </div>
    </div>
  );
}
