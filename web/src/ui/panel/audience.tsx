/** To whom a message goes: `chat-to`. */

import { language, text } from "../../i18n/language.ts";
import type { Audience, Participant } from "../../room/messages.ts";
import { roster } from "../../room/reduce-people.ts";
import { known } from "../lead/names.ts";
import type { RoomView } from "../view.ts";

/** Shown where there is someone to write to privately. */
export function AudiencePicker({ view }: { readonly view: RoomView }) {
  const words = text.value.talk;
  const people = reachable(view);
  const leads = people.filter(({ role }) => role === "moderator");
  const { to } = view;
  if (people.length === 0 && to.value.kind === "everyone") {
    return null;
  }
  return (
    <label class="chat-to" data-private={to.value.kind !== "everyone"}>
      <span>{words.to}</span>
      <select value={write(to.value)} onChange={({ currentTarget }) => (to.value = read(currentTarget.value))} data-testid="chat-to">
        {view.locks.value.has("publicChat") ? null : <option value="everyone">{words.toAll}</option>}
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
  const { participants } = view.store.room.value;
  const mayAll = !view.locks.value.has("privateChat");
  const may = ({ id, role }: Participant) => id !== view.store.me && (mayAll || role === "moderator");
  return known(view, roster(participants, language.value)).filter(may);
}

function write(to: Audience): string {
  return to.kind === "one" ? to.id : to.kind;
}

function read(value: string): Audience {
  return value === "everyone" || value === "moderators" ? { kind: value } : { kind: "one", id: value };
}
