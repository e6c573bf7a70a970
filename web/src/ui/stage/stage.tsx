/** The stage: the slide that is shown or else the moderator's camera large, everyone else in tiles that fit. */

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { language, text } from "../../i18n/language.ts";
import { companyOf } from "../../room/breakouts.ts";
import { roster } from "../../room/reduce-people.ts";
import { LazySlide, loadSoon } from "../content/lazy.tsx";
import { known } from "../lead/names.ts";
import type { RoomView } from "../view.ts";
import { LazyBoard } from "../board/lazy.tsx";
import { boardOnStage } from "../board/stage-choice.ts";
import { arrange } from "./arrange.ts";
import type { Area } from "./arrange.ts";
import { cast } from "./order.ts";
import type { Cast } from "./order.ts";
import { Tile } from "./tile.tsx";

/** px that what is below a slide has: the bar, and what one draws with. */
const SLIDE_BAR = 52;
const SLIDE_TOOLS = 56;

export function Stage({ view }: { readonly view: RoomView }) {
  const words = text.value.room;
  const room = view.store.room.value;
  const element = useRef<HTMLElement>(null);
  const area = useSignal<Area>({ width: 0, height: 0 });
  useEffect(loadSoon, []);
  useLayoutEffect(() => watchArea(element.current, (next) => (area.value = next)), [area]);
  const company = companyOf(room.participants, room.breakouts, view.store.me);
  const board = boardOnStage(view);
  const hasSlide = board === null && view.content.place.value !== null;
  const people = cast(known(view, roster(company, language.value)), view.store.me);
  const { featured, tiles } = casting(people, board !== null || hasSlide);
  const large = board === null ? (hasSlide || featured !== null ? "picture" : "none") : "board";
  const belowSlide = SLIDE_BAR + (view.content.isDrawing.value ? SLIDE_TOOLS : 0);
  const { split, strip, grid, isScrolling } = arrange(area.value, tiles.length, large, hasSlide ? belowSlide : 0);
  return (
    <main
      ref={element}
      class="stage"
      aria-label={words.stage}
      data-split={split}
      style={{ "--strip": `${strip}px`, "--columns": `${grid.columns}`, "--tile": `${grid.tileWidth}px`, "--tile-height": `${grid.tileHeight}px` }}
    >
      {board === null ? null : (
        <div class="stage-featured stage-board">
          <LazyBoard view={view} board={board} />
        </div>
      )}
      {hasSlide ? (
        <div class="stage-slide">
          <LazySlide view={view} />
        </div>
      ) : null}
      {featured === null ? null : (
        <div class="stage-featured">
          <Tile key={featured.id} view={view} participant={featured} isFeatured />
        </div>
      )}
      {tiles.length === 0 ? null : (
        <div class="stage-tiles" {...(isScrolling ? { tabIndex: 0 } : {})}>
          {tiles.map((participant) => (
            <Tile key={participant.id} view={view} participant={participant} isFeatured={false} />
          ))}
        </div>
      )}
      {room.revision < 0 ? <p class="stage-note">{words.filling}</p> : null}
      {company.size === 1 && board === null ? (
        <p class="stage-note">{room.participants.size === 1 ? words.alone : text.value.breakout.alone}</p>
      ) : null}
    </main>
  );
}

/** Beside a slide or a board everyone is in a tile, the teacher first. */
function casting({ featured, tiles }: Cast, isBeside: boolean): Cast {
  return isBeside && featured !== null ? { featured: null, tiles: [featured, ...tiles] } : { featured, tiles };
}

/** Reports the content box of `element` whenever it changes. */
function watchArea(element: HTMLElement | null, report: (area: Area) => void): () => void {
  const observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) {
      report({ width: entry.contentRect.width, height: entry.contentRect.height });
    }
  });
  if (element !== null) {
    observer.observe(element);
  }
  return () => observer.disconnect();
}
