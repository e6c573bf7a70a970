/**
 * One person on the stage.
 *
 * For browser tests: `tile` with `data-participant`, `data-role`, `data-featured`,
 * `data-speaking`, `data-present`, `data-picture` (true once a frame was drawn) and `data-rendition`.
 */

import { useComputed } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import type { Participant } from "../../room/messages.ts";
import { Icon } from "../icon.tsx";
import { OwnPicture } from "../join/preview.tsx";
import { Avatar } from "../person.tsx";
import { STATUS_ICONS } from "../signs/sign-icons.ts";
import type { RoomView } from "../view.ts";
import { PictureAge } from "./still.tsx";

interface TileProps {
  readonly view: RoomView;
  readonly participant: Participant;
  readonly isFeatured: boolean;
}

export function Tile({ view, participant, isFeatured }: TileProps) {
  const words = text.value.room;
  const { id, name, role, present, mic } = participant;
  const isMe = id === view.store.me;
  const hasPicture = !isMe && participant.cam && view.pictures.arrived.value.has(id);
  const stillSince = useComputed(() => view.pictures.still.value.get(id)).value;
  const rendition = useComputed(() => view.pictures.received.value.get(id)?.rendition).value;
  const isStill = present && hasPicture && stillSince !== undefined;
  const { hands, statuses } = view.store.room.value;
  const status = statuses.get(id);
  const isSpeaking = view.store.speaking.value.has(id) && mic;
  const states = [
    isMe ? words.you : null,
    role === "moderator" ? words.moderator : null,
    present ? (mic ? words.micIsOn : words.micIsOff) : words.away,
    isSpeaking ? words.speaking : null,
    isStill ? words.still : null,
    hands.raised.some((hand) => hand.id === id) ? text.value.hand.isUp : null,
    status === undefined ? null : text.value.sign.statuses[status],
  ].filter((state) => state !== null);
  return (
    <div
      class="tile"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset groups the fields of a form
      role="group"
      aria-label={[name, ...states].join(", ")}
      data-testid="tile"
      data-participant={id}
      data-role={role}
      data-featured={isFeatured}
      data-speaking={isSpeaking}
      data-present={present}
      data-picture={isMe ? view.devices.cam.state.value.state === "on" : hasPicture}
      data-rendition={hasPicture ? rendition : undefined}
    >
      <Picture view={view} participant={participant} isMe={isMe} />
      <div class="tile-name" aria-hidden="true">
        {role === "moderator" ? <Icon name="moderator" /> : null}
        <span class="tile-words">{isMe ? `${name} (${words.you})` : name}</span>
        {mic ? null : <Icon name="micOff" />}
      </div>
      {present ? null : (
        <div class="tile-away" aria-hidden="true">
          <Icon name="offline" />
          {words.away}
        </div>
      )}
      <TileSigns view={view} participant={id} />
      {isStill ? <PictureAge since={stillSince} /> : null}
    </div>
  );
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
      <CanvasFrame view={view} participant={participant.id} />
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

/** Holds the participant's own canvas: when tiles are rendered anew, the element only moves. */
function CanvasFrame({ view, participant }: { readonly view: RoomView; readonly participant: string }) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const parent = frame.current;
    const canvas = view.canvases.canvasOf(participant);
    parent?.append(canvas);
    return () => {
      // A tile elsewhere may have taken it already.
      if (canvas.parentElement === parent) {
        canvas.remove();
      }
    };
  }, [view, participant]);
  return <div ref={frame} class="tile-canvas" />;
}
