/** Everyone in the room: `person` with `data-participant`, `data-role` and `data-present`. */

import { language, text } from "../../i18n/language.ts";
import type { Participant } from "../../room/messages.ts";
import { roster } from "../../room/reduce-people.ts";
import { Icon } from "../icon.tsx";
import { Avatar } from "../person.tsx";
import type { RoomView } from "../view.ts";

export function People({ view }: { readonly view: RoomView }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so keys must reach it
    <ul class="people" tabIndex={0} aria-label={text.value.room.peopleTitle}>
      {roster(view.store.room.value.participants, language.value).map((participant) => (
        <Person key={participant.id} participant={participant} isMe={participant.id === view.store.me} />
      ))}
    </ul>
  );
}

function Person({ participant, isMe }: { readonly participant: Participant; readonly isMe: boolean }) {
  const words = text.value.room;
  const { id, name, role, present, mic, cam } = participant;
  const under = [role === "moderator" ? words.moderator : null, present ? null : words.away].filter((part) => part !== null);
  return (
    <li class="person" data-testid="person" data-participant={id} data-role={role} data-present={present}>
      <Avatar id={id} name={name} />
      <span class="person-words">
        <span class="person-name">{isMe ? `${name} (${words.you})` : name}</span>
        {under.length === 0 ? null : <span class="person-under">{under.join(" · ")}</span>}
      </span>
      <span class="person-source" data-on={mic}>
        <Icon name={mic ? "mic" : "micOff"} />
        <span class="hidden">{mic ? words.micIsOn : words.micIsOff}</span>
      </span>
      <span class="person-source" data-on={cam}>
        <Icon name={cam ? "cam" : "camOff"} />
        <span class="hidden">{cam ? words.camIsOn : words.camIsOff}</span>
      </span>
    </li>
  );
}
