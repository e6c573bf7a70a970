/**
 * One person on the stage.
 *
 * For browser tests: `tile` with `data-participant`, `data-role`, `data-large`, `data-pinned`,
 * `data-speaking`, `data-present`, `data-picture` (true once a frame was drawn) and `data-rendition`.
 */

import { useComputed } from "@preact/signals";
import { text } from "../../i18n/language.ts";
import type { Participant } from "../../room/messages.ts";
import { Icon } from "../icon.tsx";
import { OwnPicture } from "../join/preview.tsx";
import { Avatar } from "../person.tsx";
import { STATUS_ICONS } from "../signs/sign-icons.ts";
import type { RoomView } from "../view.ts";
import { CanvasFrame } from "./canvas-frame.tsx";
import { pinWays } from "./pin-ways.ts";
import { PictureAge } from "./still.tsx";
import { TileMenuButton } from "./tile-menu.tsx";

interface TileProps {
  readonly view: RoomView;
  readonly participant: Participant;
  readonly isLarge: boolean;
}

/** A double click or Enter pins the person. */
export function Tile({ view, participant, isLarge }: TileProps) {
  const { id, name, role, present } = participant;
  const isMe = id === view.store.me;
  const { value: locks } = view.locks;
  // The relay sends it no more; the last frame of it is not to stay either.
  const isHidden = !isMe && role === "viewer" && (locks.has("othersCameras") || locks.has("othersNames"));
  const isShown = view.stage.layout.value !== "audio" && !isHidden;
  const hasPicture = isShown && !isMe && participant.cam && view.pictures.arrived.value.has(id);
  const stillSince = useComputed(() => view.pictures.still.value.get(id)).value;
  const rendition = useComputed(() => view.pictures.received.value.get(id)?.rendition).value;
  const isStill = present && hasPicture && stillSince !== undefined;
  const isSpeaking = view.store.speaking.value.has(id) && participant.mic;
  const isPinned = view.stage.pins.value.includes(id);
  const isSharing = view.store.room.value.sharing.screens.includes(id);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the tile's menu has the same for everyone
    <div
      class="tile"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset groups the fields of a form
      role="group"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- Enter pins it, arrows go on to the next
      tabIndex={-1}
      aria-label={[name, ...statesOf(view, participant, { isMe, isSpeaking, isStill, isPinned })].join(", ")}
      {...pinWays(view, id)}
      data-testid="tile"
      data-participant={id}
      data-role={role}
      data-large={isLarge}
      data-pinned={isPinned}
      data-speaking={isSpeaking}
      data-present={present}
      data-picture={isMe ? isShown && view.devices.cam.state.value.state === "on" : hasPicture}
      data-rendition={hasPicture ? rendition : undefined}
    >
      {isShown ? <Picture view={view} participant={participant} isMe={isMe} /> : <Empty participant={participant} />}
      <div class="tile-name" aria-hidden="true">
        {role === "moderator" ? <Icon name="moderator" /> : null}
        {isSharing ? <Icon name="screen" /> : null}
        {isPinned ? <Icon name="pin" /> : null}
        <span class="tile-words">{isMe ? `${name} (${text.value.room.you})` : name}</span>
        {isSpeaking ? <Icon name="speaks" /> : participant.mic ? null : <Icon name="micOff" />}
      </div>
      {present ? null : (
        <div class="tile-away" aria-hidden="true">
          <Icon name="offline" />
          {text.value.room.away}
        </div>
      )}
      <TileSigns view={view} participant={id} />
      {isStill ? <PictureAge since={stillSince} /> : null}
      <TileMenuButton view={view} id={id} name={name} />
    </div>
  );
}

interface States {
  readonly isMe: boolean;
  readonly isSpeaking: boolean;
  readonly isStill: boolean;
  readonly isPinned: boolean;
}

/** What the tile shows beside the name, in words. */
function statesOf(view: RoomView, { id, role, present, mic }: Participant, { isMe, isSpeaking, isStill, isPinned }: States): readonly string[] {
  const words = text.value.room;
  const { hands, statuses, sharing } = view.store.room.value;
  const status = statuses.get(id);
  const place = hands.raised.findIndex((hand) => hand.id === id) + 1;
  return [
    isMe ? words.you : null,
    role === "moderator" ? words.moderator : null,
    present ? (mic ? words.micIsOn : words.micIsOff) : words.away,
    isSpeaking ? words.speaking : null,
    sharing.screens.includes(id) ? text.value.screen.shares : null,
    isStill ? words.still : null,
    place === 0 ? null : text.value.hand.isUpAt(place),
    status === undefined ? null : text.value.sign.statuses[status],
    isPinned ? text.value.layout.pinned : null,
  ].filter((state) => state !== null);
}

/** A raised hand and a status, in the corner that nothing else is in. */
function TileSigns({ view, participant }: { readonly view: RoomView; readonly participant: string }) {
  const { hands, statuses } = view.store.room.value;
  const place = hands.raised.findIndex(({ id }) => id === participant) + 1;
  const status = statuses.get(participant);
  return place === 0 && status === undefined ? null : (
    <div class="tile-signs" aria-hidden="true">
      {status === undefined ? null : (
        <span class="tile-sign" data-status={status}>
          <Icon name={STATUS_ICONS[status]} />
        </span>
      )}
      {place === 0 ? null : (
        <span class="tile-sign tile-hand" data-testid="tile-hand">
          <Icon name="hand" />
          {place}
        </span>
      )}
    </div>
  );
}

function Picture({ view, participant, isMe }: { readonly view: RoomView; readonly participant: Participant; readonly isMe: boolean }) {
  const own = view.devices.cam.state.value;
  if (isMe) {
    return own.state === "on" ? <OwnPicture track={own.track} /> : <Empty participant={participant} />;
  }
  if (!participant.cam) {
    return <Empty participant={participant} />;
  }
  return (
    <>
      {view.pictures.arrived.value.has(participant.id) ? null : <Empty participant={participant} />}
      <CanvasFrame view={view} picture={participant.id} />
    </>
  );
}

function Empty({ participant }: { readonly participant: Participant }) {
  return (
    <div class="tile-empty">
      <Avatar id={participant.id} name={participant.name} />
    </div>
  );
}
