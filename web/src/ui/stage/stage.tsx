/**
 * The stage: what is large, who is beside it, and what divides the two.
 *
 * For browser tests: `main` with `data-layout` and `data-split`, `stage-large`, `stage-tiles`, `spared`.
 */

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { pictureOf } from "../../engine/picture-name.ts";
import { text } from "../../i18n/language.ts";
import type { Participant } from "../../room/messages.ts";
import { watchArea } from "../area.ts";
import type { Area } from "../area.ts";
import { LazyBoard } from "../board/lazy.tsx";
import { Captions } from "../captions/captions.tsx";
import { LazySlide, loadSoon } from "../content/lazy.tsx";
import { Icon } from "../icon.tsx";
import { ScreenTile } from "../screen/screen-tile.tsx";
import type { RoomView } from "../view.ts";
import type { Grid } from "./arrange.ts";
import { Divider } from "./divider.tsx";
import { Pager } from "./pager.tsx";
import { ensureStop, focusedTile, keepFocus, walkTiles } from "./roving.ts";
import { NOTHING_BEFORE, sceneOf } from "./scene.ts";
import type { Scene } from "./scene.ts";
import { TileMenu } from "./tile-menu.tsx";
import { Tile } from "./tile.tsx";

export function Stage({ view }: { readonly view: RoomView }) {
  const words = text.value.room;
  const { revision, participants } = view.store.room.value;
  const element = useRef<HTMLElement>(null);
  const area = useSignal<Area>({ width: 0, height: 0 });
  const before = useRef(NOTHING_BEFORE);
  useEffect(loadSoon, []);
  useLayoutEffect(() => watchArea(element.current, (next) => (area.value = next)), [area]);
  const scene = sceneOf(view, before.current, {
    stage: area.value,
    window: { width: innerWidth, height: innerHeight },
    isTouch: matchMedia("(pointer: coarse)").matches,
    held: heldTile(element.current),
  });
  before.current = scene;
  const focused = focusedTile();
  useLayoutEffect(() => {
    ensureStop(element.current);
    keepFocus(element.current, focused);
  });
  const { split, side } = scene.arrangement;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows go from tile to tile
    <main ref={element} class="stage" aria-label={words.stage} data-layout={scene.layout} data-split={split} style={{ "--side": `${side}px` }} onKeyDown={walkTiles}>
      <Large view={view} scene={scene} />
      {split === "none" ? null : <Divider view={view} split={split} share={scene.arrangement.share} />}
      <Side view={view} scene={scene} />
      {revision < 0 ? <p class="stage-note">{words.filling}</p> : null}
      {scene.isAlone ? <p class="stage-note">{participants.size === 1 ? words.alone : text.value.breakout.alone}</p> : null}
      <Spared view={view} />
      <Captions view={view} />
      <TileMenu view={view} />
    </main>
  );
}

/** Said while pictures rest to spare this device, and to no one who reads with a screen reader each second. */
function Spared({ view }: { readonly view: RoomView }) {
  const count = useComputed(() => view.pictures.resting.value.size).value;
  return count === 0 ? null : (
    <p class="stage-spared" data-testid="spared">
      <Icon name="energy" />
      {text.value.room.spared(count)}
    </p>
  );
}

interface PartProps {
  readonly view: RoomView;
  readonly scene: Scene;
}

function Large({ view, scene }: PartProps) {
  const { board, hasSlide, screen, large, arrangement } = scene;
  if (screen !== null) {
    return (
      <div class="stage-content">
        <ScreenTile key={screen} view={view} participant={screen} isLarge />
      </div>
    );
  }
  if (board !== null) {
    return (
      <div class="stage-content">
        <LazyBoard view={view} board={board} />
      </div>
    );
  }
  if (hasSlide) {
    return (
      <div class="stage-slide">
        <LazySlide view={view} />
      </div>
    );
  }
  return large.length === 0 ? null : <Tiles view={view} people={large} grid={arrangement.large} isLarge />;
}

/** People in small tiles; beside something to read those who are pinned as well. */
function Side({ view, scene }: PartProps) {
  const { board, hasSlide, screen, large, small, page, pages, arrangement } = scene;
  const pinned = board !== null || hasSlide || screen !== null ? large : [];
  if (small.length + pinned.length === 0) {
    return null;
  }
  return (
    <div class="stage-side">
      {pinned.length === 0 ? null : <Tiles view={view} people={pinned} grid={arrangement.large} isLarge />}
      {small.length === 0 ? null : <Tiles view={view} people={small} grid={arrangement.small} isLarge={false} />}
      {pages === 1 ? null : <Pager page={page} pages={pages} turnTo={(next) => (view.stage.page.value = next)} />}
    </div>
  );
}

interface TilesProps {
  readonly view: RoomView;
  readonly people: readonly Participant[];
  readonly grid: Grid;
  readonly isLarge: boolean;
}

function Tiles({ view, people, grid, isLarge }: TilesProps) {
  const sizes = { "--columns": `${grid.columns}`, "--tile": `${grid.tileWidth}px`, "--tile-height": `${grid.tileHeight}px` };
  return (
    <div class="stage-tiles" data-large={isLarge} style={sizes} data-testid={isLarge ? "stage-large" : "stage-tiles"}>
      {people.map((participant) => {
        const { id } = participant;
        const of = pictureOf(id);
        return of.kind === "screen" ? (
          <ScreenTile key={id} view={view} participant={of.participant} isLarge={isLarge} />
        ) : (
          <Tile key={id} view={view} participant={participant} isLarge={isLarge} />
        );
      })}
    </div>
  );
}

/** Whose tile is pointed at or has the focus: it is not taken away under the person's hand. */
function heldTile(stage: HTMLElement | null): string | null {
  const tile = stage?.querySelector<HTMLElement>(".tile:is(:hover, :focus-within)");
  return tile?.dataset["participant"] ?? null;
}
