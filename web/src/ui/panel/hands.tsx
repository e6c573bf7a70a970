/**
 * Raised hands in their order, and what moderators do about them.
 *
 * For browser tests: `hand-queue`, `raised-hand` with `data-participant`, `call-on`, `hand-lower`,
 * `hands-lower-all`, `pick`, `picked`, `asked`.
 */

import { useSignal, useSignalEffect } from "@preact/signals";
import { text } from "../../i18n/language.ts";
import type { RaisedHand } from "../../room/messages.ts";
import { shownName } from "../lead/names.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";

/** Waiting times are told in minutes after the first one. */
const TICK_MS = 1_000;

export function HandQueue({ view }: { readonly view: RoomView }) {
  const words = text.value.hand;
  const { participants, hands } = view.store.room.value;
  const leads = view.isModerator.value;
  const now = useClock(hands.raised.length > 0);
  const place = hands.raised.findIndex(({ id }) => id === view.store.me) + 1;
  const picked = participants.get(hands.picked.at(-1) ?? "");
  if (!leads && hands.raised.length === 0) {
    return null;
  }
  return (
    <section class="hands" aria-label={words.queue} data-testid="hand-queue">
      <div class="hands-head">
        <h3>{words.queue}</h3>
        {hands.raised.length === 0 ? null : <span class="panel-count">{hands.raised.length}</span>}
        {leads && hands.raised.length > 1 ? (
          <button type="button" class="link-button" onClick={() => view.ask({ kind: "hand", act: { kind: "lowerAll" } })} data-testid="hands-lower-all">
            {words.lowerAll}
          </button>
        ) : null}
      </div>
      {hands.raised.length === 0 ? <p class="hands-none">{words.none}</p> : null}
      <ol class="hands-list">
        {hands.raised.map((hand) => (
          <Hand key={hand.id} view={view} hand={hand} now={now} />
        ))}
      </ol>
      {place > 0 ? <p class="hands-own">{words.own(place)}</p> : null}
      {leads ? (
        <>
          {hands.asked.map((id) => (
            <p key={id} class="hands-none" data-testid="asked">
              {words.asked(participants.get(id)?.name ?? "")}
            </p>
          ))}
          <div class="hands-pick">
            <button type="button" class="button button-small" onClick={() => view.ask({ kind: "hand", act: { kind: "pick" } })} data-testid="pick">
              <Icon name="shuffle" />
              {words.pick}
            </button>
          </div>
          {picked === undefined ? null : (
            <output class="hands-picked" data-testid="picked" data-participant={picked.id}>
              <strong>{words.picked(picked.name)}</strong>
              <Unheard view={view} id={picked.id} />
              <button
                type="button"
                class="button button-small button-main"
                aria-label={words.callOnWho(picked.name)}
                onClick={() => view.ask({ kind: "hand", act: { kind: "callOn", id: picked.id } })}
              >
                {words.callOn}
              </button>
            </output>
          )}
        </>
      ) : null}
    </section>
  );
}

interface HandProps {
  readonly view: RoomView;
  readonly hand: RaisedHand;
  /** Unix time in ms. */
  readonly now: number;
}

function Hand({ view, hand, now }: HandProps) {
  const words = text.value.hand;
  const { participants, hands } = view.store.room.value;
  const name = shownName(view, hand.id, participants.get(hand.id)?.name ?? "");
  const times = hands.called.get(hand.id) ?? 0;
  const waiting = words.waiting(words.time(Math.max(0, Math.floor((now - hand.since) / 1_000))));
  return (
    <li class="raised" data-testid="raised-hand" data-participant={hand.id}>
      <span class="person-words">
        <span class="person-name">{name}</span>
        <span class="person-under">{times === 0 ? waiting : `${waiting} · ${words.called(times)}`}</span>
        <Unheard view={view} id={hand.id} />
      </span>
      {view.isModerator.value ? (
        <>
          <button
            type="button"
            class="button button-small button-main"
            aria-label={words.callOnWho(name)}
            onClick={() => view.ask({ kind: "hand", act: { kind: "callOn", id: hand.id } })}
            data-testid="call-on"
          >
            {words.callOn}
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={words.lowerWho(name)}
            title={words.lower}
            onClick={() => view.ask({ kind: "hand", act: { kind: "lowerOf", id: hand.id } })}
            data-testid="hand-lower"
          >
            <Icon name="down" />
          </button>
        </>
      ) : null}
    </li>
  );
}

/** Told to moderators where they are about to call on someone. */
function Unheard({ view, id }: { readonly view: RoomView; readonly id: string }) {
  const isHeard = view.store.inbox.value.consents.get(id)?.agreed.heard ?? true;
  return isHeard || !view.isModerator.value ? null : (
    <span class="person-under" data-testid="unheard">
      {text.value.consent.withheld.heard}
    </span>
  );
}

/** Unix time in ms, once a second while it `runs`. */
export function useClock(runs: boolean): number {
  const now = useSignal(Date.now());
  const isRunning = useSignal(runs);
  isRunning.value = runs;
  useSignalEffect(() => {
    if (!isRunning.value) {
      return;
    }
    now.value = Date.now();
    const timer = setInterval(() => (now.value = Date.now()), TICK_MS);
    return () => clearInterval(timer);
  });
  return now.value;
}
