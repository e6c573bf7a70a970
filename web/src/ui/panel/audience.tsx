/** To whom a message goes: `chat-to`. */

import { language, text } from "../../i18n/language.ts";
import { breakoutOf } from "../../room/breakouts.ts";
import type { Audience, Participant } from "../../room/messages.ts";
import { roster } from "../../room/reduce-people.ts";
import { titleOf } from "../breakouts/titles.ts";
import { known } from "../lead/names.ts";
import type { RoomView } from "../view.ts";
import { isWhispered } from "./message.tsx";

/** IDs of people have no colon. */
const IN_BREAKOUT = "breakout:";

/** Shown where there is someone to write to privately. */
export function AudiencePicker({ view }: { readonly view: RoomView }) {
  const words = text.value.talk;
  const people = reachable(view);
  const leads = people.filter(({ role }) => role === "moderator");
  const { to } = view;
  const here = breakoutOf(view.store.room.value.breakouts, view.store.me);
  if (people.length === 0 && to.value.kind === "everyone") {
    return null;
  }
  return (
    <label class="chat-to" data-private={isWhispered(to.value)}>
      <span>{words.to}</span>
      <select value={write(to.value)} onChange={({ currentTarget }) => (to.value = read(currentTarget.value))} data-testid="chat-to">
        {here === undefined || view.locks.value.has("publicChat") ? null : <option value={write({ kind: "breakout", id: here.id })}>{titleOf(here)}</option>}
        {view.locks.value.has("publicChat") || (here !== undefined && !view.isModerator.value) ? null : <option value="everyone">{words.toAll}</option>}
        {leads.length > 0 ? <option value="moderators">{words.privately(words.moderators)}</option> : null}
        {people.map(({ id, name }) => (
          <option key={id} value={id}>
            {words.privately(name)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Whom this person may write to privately, as the room allows it. */
function reachable(view: RoomView): readonly Participant[] {
  const { participants, breakouts } = view.store.room.value;
  const isHere = (id: string) => breakouts.places.get(id) === breakouts.places.get(view.store.me);
  const mayAll = !view.locks.value.has("privateChat");
  const may = ({ id, role }: Participant) => id !== view.store.me && (role === "moderator" || (mayAll && (view.isModerator.value || isHere(id))));
  return known(view, roster(participants, language.value)).filter(may);
}

function write(to: Audience): string {
  switch (to.kind) {
    case "one":
      return to.id;
    case "breakout":
      return `${IN_BREAKOUT}${to.id}`;
    default:
      return to.kind;
  }
}

function read(value: string): Audience {
  if (value.startsWith(IN_BREAKOUT)) {
    return { kind: "breakout", id: Number(value.slice(IN_BREAKOUT.length)) };
  }
  return value === "everyone" || value === "moderators" ? { kind: value } : { kind: "one", id: value };
}
