/** Everyone in the room: `person` with `data-participant`, `data-role`, `data-present` and `data-status`. */

import { language, text } from "../../i18n/language.ts";
import type { Participant, Status } from "../../room/messages.ts";
import { roster } from "../../room/reduce-people.ts";
import { AttendanceWay } from "../attendance/attendance.tsx";
import { placeOf } from "../breakouts/titles.ts";
import { Icon } from "../icon.tsx";
import { known } from "../lead/names.ts";
import { PersonMenu, PersonMenuButton } from "../lead/person-menu.tsx";
import { WaitingList } from "../lead/waiting-list.tsx";
import { LinesWay } from "../lines/board.tsx";
import { LineDot } from "../lines/grade.tsx";
import { LogWay } from "../log/log.tsx";
import { Avatar } from "../person.tsx";
import { STATUS_ICONS } from "../signs/sign-icons.ts";
import type { RoomView } from "../view.ts";
import { Asides } from "./asides.tsx";
import { HandQueue } from "./hands.tsx";
import { StatusSummary } from "./statuses.tsx";

export function People({ view }: { readonly view: RoomView }) {
  return (
    <div class="people-panel">
      <WaitingList view={view} />
      <HandQueue view={view} />
      <Asides view={view} />
      <StatusSummary view={view} />
      <Everyone view={view} />
      {view.locks.value.has("othersNames") ? <p class="panel-note">{text.value.lead.hiddenOthers}</p> : null}
      <LinesWay view={view} />
      <AttendanceWay view={view} />
      <LogWay view={view} />
    </div>
  );
}

function Everyone({ view }: { readonly view: RoomView }) {
  const { participants, hands, statuses } = view.store.room.value;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls, so keys must reach it
    <ul class="people" tabIndex={0} aria-label={text.value.room.peopleTitle}>
      {known(view, roster(participants, language.value)).map((participant) => (
        <Person
          key={participant.id}
          view={view}
          participant={participant}
          isMe={participant.id === view.store.me}
          isRaised={hands.raised.some(({ id }) => id === participant.id)}
          called={hands.called.get(participant.id) ?? 0}
          status={statuses.get(participant.id)}
          place={placeOf(view, participant.id)}
        />
      ))}
    </ul>
  );
}

interface PersonProps {
  readonly view: RoomView;
  readonly participant: Participant;
  readonly isMe: boolean;
  readonly isRaised: boolean;
  /** How often this person has been called on. */
  readonly called: number;
  readonly status: Status | undefined;
  /** The breakout in which this person is. */
  readonly place: string | undefined;
}

function Person({ view, participant, isMe, isRaised, called, status, place }: PersonProps) {
  const words = text.value.room;
  const { id, name, role, present, mic, cam } = participant;
  const isSharing = view.store.room.value.sharing.screens.includes(id);
  const under = [
    role === "moderator" ? words.moderator : role === "presenter" ? text.value.lead.presenter : null,
    present ? null : words.away,
    place ?? null,
    status === undefined ? null : text.value.sign.statuses[status],
    called === 0 ? null : text.value.hand.called(called),
  ].filter((part) => part !== null);
  return (
    <li class="person" data-testid="person" data-participant={id} data-role={role} data-present={present} data-status={status}>
      <Avatar id={id} name={name} />
      <LineDot view={view} participant={participant} />
      <span class="person-words">
        <span class="person-name">{isMe ? `${name} (${words.you})` : name}</span>
        {under.length === 0 ? null : <span class="person-under">{under.join(" · ")}</span>}
      </span>
      {isRaised ? (
        <span class="person-sign">
          <Icon name="hand" />
          <span class="hidden">{text.value.hand.isUp}</span>
        </span>
      ) : null}
      {status === undefined ? null : (
        <span class="person-sign" data-status={status}>
          <Icon name={STATUS_ICONS[status]} />
        </span>
      )}
      {isSharing ? (
        <span class="person-source" data-on>
          <Icon name="screen" />
          <span class="hidden">{text.value.screen.shares}</span>
        </span>
      ) : null}
      <span class="person-source" data-on={mic}>
        <Icon name={mic ? "mic" : "micOff"} />
        <span class="hidden">{mic ? words.micIsOn : words.micIsOff}</span>
      </span>
      <span class="person-source" data-on={cam}>
        <Icon name={cam ? "cam" : "camOff"} />
        <span class="hidden">{cam ? words.camIsOn : words.camIsOff}</span>
      </span>
      <PersonMenuButton view={view} participant={participant} />
      <PersonMenu view={view} participant={participant} />
    </li>
  );
}
