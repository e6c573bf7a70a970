/**
 * What can be done about a person or a screen on the stage.
 *
 * For browser tests: `tile-menu-open` in a tile, `tile-menu`, `tile-pin`, `tile-list`.
 */

import { useEffect, useRef } from "preact/hooks";
import { pictureOf } from "../../engine/picture-name.ts";
import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import { shownName } from "../lead/names.ts";
import { stayOpenInside } from "../popover.ts";
import type { RoomView } from "../view.ts";
import type { TileMenuPlace } from "./stage-view.ts";

interface ButtonProps {
  readonly view: RoomView;
  /** Of the picture. */
  readonly id: string;
  readonly name: string;
}

export function TileMenuButton({ view, id, name }: ButtonProps) {
  const { tileMenu } = view.stage;
  const label = text.value.lead.menu(name);
  const isOpen = tileMenu.value?.participant === id;
  return (
    <button
      type="button"
      class="tile-more"
      aria-label={label}
      title={label}
      aria-expanded={isOpen}
      aria-controls="tile-menu"
      onClick={({ currentTarget }) => {
        const { right, bottom } = currentTarget.getBoundingClientRect();
        tileMenu.value = isOpen ? null : { participant: id, x: right, y: bottom };
      }}
      data-testid="tile-menu-open"
    >
      <Icon name="more" />
    </button>
  );
}

export function TileMenu({ view }: { readonly view: RoomView }) {
  const place = view.stage.tileMenu.value;
  return place === null ? null : <OpenTileMenu key={place.participant} view={view} place={place} />;
}

function OpenTileMenu({ view, place }: { readonly view: RoomView; readonly place: TileMenuPlace }) {
  const menu = useRef<HTMLElement>(null);
  const close = () => (view.stage.tileMenu.value = null);
  useEffect(() => stayOpenInside(menu.current, close), []);
  const { participant: id, x, y } = place;
  const isPinned = view.stage.pins.value.includes(id);
  const { participant, kind } = pictureOf(id);
  const known = shownName(view, participant, view.store.room.value.participants.get(participant)?.name ?? "");
  const name = kind === "screen" ? text.value.screen.of(known) : known;
  return (
    <section ref={menu} id="tile-menu" class="tile-menu" style={{ "--x": `${x}px`, "--y": `${y}px` }} aria-label={text.value.lead.menu(name)} data-testid="tile-menu">
      <button
        type="button"
        class="person-act"
        onClick={() => {
          view.stage.togglePin(id);
          close();
        }}
        data-testid="tile-pin"
      >
        <Icon name="pin" />
        {isPinned ? text.value.talk.unpin : text.value.talk.pin}
      </button>
      {view.isModerator.value ? (
        <button
          type="button"
          class="person-act"
          onClick={() => {
            view.panel.value = "people";
            view.menuOf.value = participant;
            close();
          }}
          data-testid="tile-list"
        >
          <Icon name="people" />
          {text.value.layout.inList}
        </button>
      ) : null}
    </section>
  );
}
