/**
 * A screen that somebody shares, large or beside the others: whole, never cropped. Who shares it does not see it in
 * itself.
 *
 * For browser tests: `screen-tile` with `data-participant`, `data-large`, `data-picture` (true once a frame was
 * drawn) and `data-rendition`; `screen-stop`.
 */

import { useComputed } from "@preact/signals";
import { screenOf } from "../../engine/picture-name.ts";
import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import { shownName } from "../lead/names.ts";
import { CanvasFrame } from "../stage/canvas-frame.tsx";
import { pinWays } from "../stage/pin-ways.ts";
import { PictureAge } from "../stage/still.tsx";
import { TileMenuButton } from "../stage/tile-menu.tsx";
import type { RoomView } from "../view.ts";

interface ScreenTileProps {
  readonly view: RoomView;
  /** Who shares it. */
  readonly participant: string;
  readonly isLarge: boolean;
}

export function ScreenTile({ view, participant, isLarge }: ScreenTileProps) {
  const words = text.value.screen;
  const id = screenOf(participant);
  const isMe = participant === view.store.me;
  const name = words.of(shownName(view, participant, view.store.room.value.participants.get(participant)?.name ?? ""));
  const hasPicture = !isMe && view.pictures.arrived.value.has(id);
  const stillSince = useComputed(() => view.pictures.still.value.get(id)).value;
  const rendition = useComputed(() => view.pictures.received.value.get(id)?.rendition).value;
  const isPinned = view.stage.pins.value.includes(id);
  const age = hasPicture ? stillSince : undefined;
  const states = [isMe ? words.youShare : name, age === undefined ? null : text.value.room.still, isPinned ? text.value.layout.pinned : null];
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the tile's menu has the same for everyone
    <div
      class="tile tile-screen"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset groups the fields of a form
      role="group"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- Enter pins it, arrows go on to the next
      tabIndex={-1}
      aria-label={states.filter((state) => state !== null).join(", ")}
      {...pinWays(view, id)}
      data-testid="screen-tile"
      data-participant={id}
      data-large={isLarge}
      data-pinned={isPinned}
      data-picture={hasPicture}
      data-rendition={hasPicture ? rendition : undefined}
    >
      {isMe ? <OwnScreen view={view} /> : <CanvasFrame view={view} picture={id} />}
      {isMe || hasPicture ? null : <p class="screen-note">{words.coming}</p>}
      {isMe ? null : (
        <div class="tile-name" aria-hidden="true">
          <Icon name="screen" />
          {isPinned ? <Icon name="pin" /> : null}
          <span class="tile-words">{name}</span>
        </div>
      )}
      {age === undefined ? null : <PictureAge since={age} />}
      <TileMenuButton view={view} id={id} name={name} />
    </div>
  );
}

function OwnScreen({ view }: { readonly view: RoomView }) {
  const words = text.value.screen;
  return (
    <div class="screen-own">
      <Icon name="screen" />
      <p>{words.youShare}</p>
      <button type="button" class="button button-small" onClick={view.screen.stop} data-testid="screen-stop">
        {words.stop}
      </button>
    </div>
  );
}
