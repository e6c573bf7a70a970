/** The stage: the moderator's camera large, everyone else in tiles that fit. */

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { language, text } from "../../i18n/language.ts";
import { companyOf } from "../../room/breakouts.ts";
import { roster } from "../../room/reduce-people.ts";
import { known } from "../lead/names.ts";
import type { RoomView } from "../view.ts";
import { LazyBoard } from "../board/lazy.tsx";
import { boardOnStage } from "../board/stage-choice.ts";
import { arrange } from "./arrange.ts";
import type { Area } from "./arrange.ts";
import { cast } from "./order.ts";
import { Tile } from "./tile.tsx";

export function Stage({ view }: { readonly view: RoomView }) {
  const words = text.value.room;
  const room = view.store.room.value;
  const element = useRef<HTMLElement>(null);
  const area = useSignal<Area>({ width: 0, height: 0 });
  useLayoutEffect(() => watchArea(element.current, (next) => (area.value = next)), [area]);
  const company = companyOf(room.participants, room.breakouts, view.store.me);
  const people = known(view, roster(company, language.value));
  const board = boardOnStage(view);
  const { featured, tiles } = board === null ? cast(people, view.store.me) : { featured: null, tiles: people };
  const large = board === null ? (featured === null ? "none" : "picture") : "board";
  const { split, strip, grid, isScrolling } = arrange(area.value, tiles.length, large);
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
