/**
 * Group rooms: opened and led by moderators, looked at and chosen by everyone else.
 *
 * For browser tests: `breakouts`, `group` with `data-number` and `data-people`, `group-name`, `group-person`
 * with `data-participant`, `place-of`, `look-in`, `group-back`, `choose-group`, `help-call`, `call-look-in`,
 * `call-answered`.
 */

import { useEffect } from "preact/hooks";
import { language, text } from "../../i18n/language.ts";
import { callOf, groupsOf, peopleIn } from "../../room/breakouts.ts";
import type { Breakout, BreakoutAct, Participant } from "../../room/messages.ts";
import { roster } from "../../room/reduce-people.ts";
import { Icon } from "../icon.tsx";
import { known } from "../lead/names.ts";
import type { RoomView } from "../view.ts";
import { Waiting } from "./countdown.tsx";
import { Running } from "./running.tsx";
import { Setup } from "./setup.tsx";
import { titleById, titleOf } from "./titles.ts";

interface Props {
  readonly view: RoomView;
}

export function BreakoutsPanel({ view }: Props) {
  const { breakouts, participants } = view.store.room.value;
  const leads = view.isModerator.value;
  const isOpen = breakouts.how !== null;
  useEffect(() => {
    if (!isOpen && !leads) {
      view.panel.value = null;
    }
  }, [isOpen, leads]);
  const people = known(view, roster(participants, language.value));
  const asides = breakouts.list.filter(({ number }) => number === 0);
  return (
    <div class="breakouts" data-testid="breakouts">
      {leads ? isOpen ? <Running view={view} /> : <Setup view={view} /> : null}
      {leads ? <Calls view={view} /> : null}
      {isOpen ? <Main view={view} people={peopleIn(people, breakouts, undefined)} /> : null}
      {groupsOf(breakouts).map((group) => (
        <Group key={group.id} view={view} group={group} people={peopleIn(people, breakouts, group.id)} />
      ))}
      {asides.map((aside) => (
        <section key={aside.id} class="group" aria-label={titleOf(aside)} data-number={0} data-testid="group">
          <header class="group-head">
            <h3>{titleOf(aside)}</h3>
          </header>
          <People view={view} people={peopleIn(people, breakouts, aside.id)} />
        </section>
      ))}
    </div>
  );
}

interface PeopleProps extends Props {
  readonly people: readonly Participant[];
}

function Main({ view, people }: PeopleProps) {
  const words = text.value.breakout;
  const isMine = !view.store.room.value.breakouts.places.has(view.store.me);
  return (
    <section class="group" aria-label={words.main} data-here={isMine} data-number="main" data-people={people.length} data-testid="group">
      <header class="group-head">
        <h3>{words.main}</h3>
        <span class="panel-count">{people.length}</span>
        <Ways view={view} id={null} title={words.main} isMine={isMine} />
      </header>
      <People view={view} people={people} />
    </section>
  );
}

function Group({ view, group, people }: PeopleProps & { readonly group: Breakout }) {
  const { breakouts } = view.store.room.value;
  const title = titleOf(group);
  const isMine = breakouts.places.get(view.store.me) === group.id;
  const isCalling = view.isModerator.value && callOf(breakouts, group.id) !== undefined;
  return (
    <section
      class="group"
      aria-label={title}
      data-here={isMine}
      data-calls={isCalling}
      data-number={group.number}
      data-people={people.length}
      data-testid="group"
    >
      <header class="group-head">
        {view.isModerator.value ? <Name view={view} group={group} /> : <h3>{title}</h3>}
        <span class="panel-count">{people.length}</span>
        <Ways view={view} id={group.id} title={title} isMine={isMine} />
      </header>
      <People view={view} people={people} />
    </section>
  );
}

/** A name that is left empty is the number again. It is told when it is whole: on Enter, or when the field is left. */
function Name({ view, group }: Props & { readonly group: Breakout }) {
  const title = titleOf(group);
  const usual = text.value.breakout.group(group.number);
  const rename = (typed: string) => {
    const name = typed === usual ? "" : typed;
    if (name !== (group.name ?? "")) {
      view.ask({ kind: "breakout", act: { kind: "rename", breakout: group.id, name } });
    }
  };
  return (
    <input
      type="text"
      class="group-name"
      maxLength={60}
      key={title}
      defaultValue={title}
      aria-label={text.value.breakout.nameOf(usual)}
      onBlur={({ currentTarget }) => rename(currentTarget.value.trim())}
      onKeyDown={(event) => {
        if (event.key === "Enter") {
          event.currentTarget.blur();
        }
      }}
      data-testid="group-name"
    />
  );
}

interface WaysProps extends Props {
  /** Null is the main room. */
  readonly id: number | null;
  readonly title: string;
  readonly isMine: boolean;
}

/** The way into a place, for those who choose it or look into it. */
function Ways({ view, id, title, isMine }: WaysProps) {
  const words = text.value.breakout;
  const { how } = view.store.room.value.breakouts;
  const leads = view.isModerator.value;
  if (isMine) {
    return <span class="group-here">{words.here}</span>;
  }
  if (!leads && how !== "choice") {
    return null;
  }
  const act: BreakoutAct = { kind: leads ? "lookIn" : "choose", breakout: id };
  return (
    <button
      type="button"
      class="button button-small group-way"
      aria-label={id === null ? words.backLong : leads ? words.lookInWhere(title) : words.goInWhere(title)}
      onClick={() => view.ask({ kind: "breakout", act })}
      data-testid={id === null ? "group-back" : leads ? "look-in" : "choose-group"}
    >
      {id === null ? words.back : leads ? words.lookIn : words.goIn}
    </button>
  );
}

/** Groups that want somebody to come, the one that waits longest first. */
function Calls({ view }: Props) {
  const words = text.value.breakout;
  const { calls } = view.store.room.value.breakouts;
  return calls.length === 0 ? null : (
    <ul class="group-calls" aria-label={words.calls}>
      {calls.map(({ breakout, since }) => {
        const title = titleById(view, breakout);
        return (
          <li key={breakout} class="group-call" data-testid="help-call">
            <Icon name="hand" />
            <span class="person-words">
              <strong>{words.callsFrom(title)}</strong>
              <span>
                <Waiting view={view} since={since} />
              </span>
            </span>
            <button
              type="button"
              class="button button-small button-plain"
              aria-label={words.answeredWho(title)}
              onClick={() => view.ask({ kind: "breakout", act: { kind: "answerCall", breakout } })}
              data-testid="call-answered"
            >
              {words.answered}
            </button>
            <button
              type="button"
              class="button button-small button-main"
              aria-label={words.lookInWhere(title)}
              onClick={() => view.ask({ kind: "breakout", act: { kind: "lookIn", breakout } })}
              data-testid="call-look-in"
            >
              {words.lookIn}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function People({ view, people }: PeopleProps) {
  return people.length === 0 ? (
    <p class="group-none">{text.value.breakout.nobody}</p>
  ) : (
    <ul class="group-people">
      {people.map((person) => (
        <li key={person.id} class="group-person" data-participant={person.id} data-testid="group-person">
          <span>{person.id === view.store.me ? `${person.name} (${text.value.room.you})` : person.name}</span>
          {person.role === "moderator" ? <Icon name="moderator" /> : null}
          {view.isModerator.value && person.role !== "moderator" && view.store.room.value.breakouts.how !== null ? <PlaceOf view={view} person={person} /> : null}
        </li>
      ))}
    </ul>
  );
}

/** Where somebody is, to choose: by keys, by touch, by mouse. */
function PlaceOf({ view, person: { id, name } }: Props & { readonly person: Participant }) {
  const words = text.value.breakout;
  const { breakouts } = view.store.room.value;
  const place = breakouts.places.get(id);
  const groups = groupsOf(breakouts);
  const isAside = place !== undefined && !groups.some((group) => group.id === place);
  return (
    <select
      class="group-place"
      aria-label={words.placeOf(name)}
      value={place === undefined ? "" : String(place)}
      onChange={({ currentTarget: { value } }) =>
        view.ask({ kind: "breakout", act: { kind: "assign", id, breakout: value === "" ? null : Number(value) } })
      }
      data-testid="place-of"
    >
      <option value="">{words.main}</option>
      {groups.map((group) => (
        <option key={group.id} value={String(group.id)}>
          {titleOf(group)}
        </option>
      ))}
      {isAside ? <option value={String(place)}>{words.aside}</option> : null}
    </select>
  );
}
