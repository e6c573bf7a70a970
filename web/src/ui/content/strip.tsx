/** All pages of a deck, small, for whoever presents. */

import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { LazyDrawing } from "../board/lazy.tsx";
import { slideBoard } from "../board/stage-choice.ts";
import type { RoomView } from "../view.ts";
import type { ContentView } from "./content.ts";

/** Of pages so far from the one that is shown what is drawn on them is read too. */
const DRAWN_AROUND = 8;

type Place = NonNullable<ContentView["place"]["value"]>;

export function Strip({ view, place }: { readonly view: RoomView; readonly place: Place }) {
  const { of, page } = place;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [page]);
  return (
    <ol ref={list} class="slide-strip" data-testid="slide-strip">
      {of.pages.map(([width, height], index) => (
        <li key={index}>
          <Thumb view={view} place={place} page={index} ratio={width / height} />
        </li>
      ))}
    </ol>
  );
}

interface ThumbProps {
  readonly view: RoomView;
  readonly place: Place;
  readonly page: number;
  readonly ratio: number;
}

function Thumb({ view, place, page, ratio }: ThumbProps) {
  const { content } = view;
  const board = slideBoard({ deck: place.deck, page });
  const address = content.pages.picture({ deck: place.deck, page }, "small", "overview").value;
  return (
    <button
      type="button"
      class="slide-thumb"
      style={{ "--ratio": `${ratio}` }}
      aria-label={text.value.content.page(page + 1, place.of.length)}
      aria-current={page === place.page}
      onClick={() => content.turnTo(page)}
      data-page={page}
      data-testid="slide-thumb"
    >
      {address === null ? null : <img src={address} alt="" draggable={false} />}
      {address !== null && content.opened.value.has(board) && Math.abs(page - place.page) <= DRAWN_AROUND ? <LazyDrawing view={view} board={board} ratio={ratio} /> : null}
      <span aria-hidden="true">{page + 1}</span>
    </button>
  );
}
