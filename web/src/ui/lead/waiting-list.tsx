/**
 * For moderators: who waits, in the order in which they came.
 *
 * For browser tests: `waiting-list`, `waiting-person` with `data-participant`, `admit`, `turn-away`, `admit-all`.
 */

import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import { Avatar } from "../person.tsx";
import type { RoomView } from "../view.ts";

export function WaitingList({ view }: { readonly view: RoomView }) {
  const { waiting } = view.store.door.value;
  if (!view.isModerator.value || waiting.length === 0) {
    return null;
  }
  const words = text.value.door;
  return (
    <section class="waiting-list" aria-label={words.waiting} data-testid="waiting-list">
      <header class="waiting-head">
        <h3>{words.waiting}</h3>
        <span class="panel-count">{waiting.length}</span>
        {waiting.length < 2 ? null : (
          <button type="button" class="button button-small" onClick={() => view.ask({ kind: "door", act: { kind: "admitAll" } })} data-testid="admit-all">
            {words.admitAll}
          </button>
        )}
      </header>
      <ul>
        {waiting.map(({ id, name }) => (
          <li key={id} class="person" data-testid="waiting-person" data-participant={id}>
            <Avatar id={id} name={name} />
            <span class="person-words">
              <span class="person-name">{name}</span>
            </span>
            <button
              type="button"
              class="icon-button"
              aria-label={words.turnAway(name)}
              title={words.turnAway(name)}
              onClick={() => view.ask({ kind: "door", act: { kind: "turnAway", id } })}
              data-testid="turn-away"
            >
              <Icon name="close" />
            </button>
            <button
              type="button"
              class="button button-small button-main"
              aria-label={words.admit(name)}
              onClick={() => view.ask({ kind: "door", act: { kind: "admit", id } })}
              data-testid="admit"
            >
              {words.admitShort}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
