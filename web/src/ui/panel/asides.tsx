/**
 * Asking to talk with the teacher alone, and for moderators who asks.
 *
 * For browser tests: `aside-wish` asks and takes it back; `aside-wishes`, `aside-wished` with `data-participant`,
 * `aside-begin`, `aside-not-now`.
 */

import { text } from "../../i18n/language.ts";
import { breakoutOf } from "../../room/breakouts.ts";
import type { BreakoutAct } from "../../room/messages.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import { useClock } from "./hands.tsx";

interface Props {
  readonly view: RoomView;
}

export function Asides({ view }: Props) {
  return view.isModerator.value ? <Wishes view={view} /> : <OwnWish view={view} />;
}

/** Who talks aside already has nothing to ask for, nor has who sees no teacher. */
function OwnWish({ view }: Props) {
  const words = text.value.breakout;
  const { participants, breakouts } = view.store.room.value;
  const isWished = view.store.inbox.value.asides.some(({ id }) => id === view.store.me);
  const hasTeacher = [...participants.values()].some(({ role }) => role === "moderator");
  if (!hasTeacher || breakoutOf(breakouts, view.store.me)?.number === 0) {
    return null;
  }
  return (
    <section class="asides">
      {isWished ? <output class="hands-none">{words.wished}</output> : null}
      <button
        type="button"
        class="button button-small aside-wish"
        aria-pressed={isWished}
        onClick={() => view.ask({ kind: "breakout", act: { kind: "askAside", wanted: !isWished } })}
        data-testid="aside-wish"
      >
        {isWished ? null : <Icon name="chat" />}
        {isWished ? words.takeBack : words.wishAside}
      </button>
    </section>
  );
}

function Wishes({ view }: Props) {
  const words = text.value.breakout;
  const { participants } = view.store.room.value;
  const wishes = view.store.inbox.value.asides;
  const now = useClock(wishes.length > 0);
  const ask = (act: BreakoutAct) => view.ask({ kind: "breakout", act });
  if (wishes.length === 0) {
    return null;
  }
  return (
    <section class="asides" aria-label={words.wishes} data-testid="aside-wishes">
      <div class="hands-head">
        <h3>{words.wishes}</h3>
        <span class="panel-count">{wishes.length}</span>
      </div>
      <ul class="hands-list">
        {wishes.map(({ id, since }) => {
          const name = participants.get(id)?.name ?? "";
          return (
            <li key={id} class="raised" data-testid="aside-wished" data-participant={id}>
              <span class="person-words">
                <span class="person-name">{name}</span>
                <span class="person-under">{words.waits(text.value.hand.time(Math.max(0, Math.floor((now - since) / 1_000))))}</span>
              </span>
              <button type="button" class="button button-small button-main" aria-label={words.takeAsideWho(name)} onClick={() => ask({ kind: "takeAside", id })} data-testid="aside-begin">
                {words.begin}
              </button>
              <button
                type="button"
                class="icon-button"
                aria-label={words.turnDownWho(name)}
                title={words.turnDownWho(name)}
                onClick={() => ask({ kind: "turnDownAside", id })}
                data-testid="aside-not-now"
              >
                <Icon name="close" />
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
