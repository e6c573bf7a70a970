/** How many groups, who goes where, how long: `breakout-count`, `breakout-how` with `data-how`, `breakout-minutes`, `breakouts-free`, `breakouts-open`. */

import { useSignal } from "@preact/signals";
import { text } from "../../i18n/language.ts";
import { GROUPS_MAX, usualCount } from "../../room/breakouts.ts";
import type { Distribution } from "../../room/messages.ts";
import { DISTRIBUTIONS } from "../../room/parse-breakouts.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";

const COUNTS = Array.from({ length: GROUPS_MAX }, (_, index) => index + 1);
/** Minutes; null has no end. */
const TIMES = [null, 3, 5, 10, 15, 20, 30, 45, 60, 90] as const;

export function Setup({ view }: { readonly view: RoomView }) {
  const words = text.value.breakout.setup;
  const students = [...view.store.room.value.participants.values()].filter(({ role }) => role !== "moderator").length;
  const chosen = useSignal<number | null>(null);
  const count = chosen.value ?? usualCount(students);
  const how = useSignal<Distribution>("random");
  const minutes = useSignal<number | null>(null);
  return (
    <form
      class="breakout-setup"
      onSubmit={(event) => {
        event.preventDefault();
        view.ask({ kind: "breakout", act: { kind: "open", count, how: how.value, minutes: minutes.value } });
      }}
    >
      <p class="field-hint">{words.help}</p>
      <label class="field">
        <span>{words.count}</span>
        <select value={String(count)} onChange={({ currentTarget }) => (chosen.value = Number(currentTarget.value))} data-testid="breakout-count">
          {COUNTS.map((number) => (
            <option key={number} value={String(number)}>
              {number}
            </option>
          ))}
        </select>
        {students === 0 || how.value !== "random" ? null : (
          <span class="field-hint">{words.each(Math.floor(students / count), Math.ceil(students / count))}</span>
        )}
      </label>
      <Ways how={how.value} choose={(next) => (how.value = next)} />
      <label class="field">
        <span>{words.time}</span>
        <select
          value={String(minutes.value)}
          onChange={({ currentTarget }) => (minutes.value = TIMES[currentTarget.selectedIndex] ?? null)}
          data-testid="breakout-minutes"
        >
          {TIMES.map((time) => (
            <option key={time} value={String(time)}>
              {time === null ? words.noEnd : words.minutes(time)}
            </option>
          ))}
        </select>
      </label>
      <Locked view={view} />
      <button type="submit" class="button button-main" data-testid="breakouts-open">
        {words.open}
      </button>
    </form>
  );
}

/** In groups people talk: whoever has just held a lecture is told that nobody could. */
function Locked({ view }: { readonly view: RoomView }) {
  const words = text.value.breakout.setup;
  return view.store.room.value.settings.locks.includes("microphone") ? (
    <div class="breakout-locked">
      <Icon name="lock" />
      <p>{words.locked}</p>
      <button type="button" class="button button-small" onClick={() => view.ask({ kind: "lead", act: { kind: "usePreset", preset: "discussion" } })} data-testid="breakouts-free">
        {words.free}
      </button>
    </div>
  ) : null;
}

interface WaysProps {
  readonly how: Distribution;
  readonly choose: (how: Distribution) => void;
}

function Ways({ how, choose }: WaysProps) {
  const words = text.value.breakout.setup;
  return (
    <fieldset class="breakout-hows">
      <legend>{words.how}</legend>
      <div class="segments">
        {DISTRIBUTIONS.map((way) => (
          <button key={way} type="button" class="segment" aria-pressed={way === how} onClick={() => choose(way)} data-how={way} data-testid="breakout-how">
            {words.ways[way].title}
          </button>
        ))}
      </div>
      <p class="field-hint">{words.ways[how].help}</p>
    </fieldset>
  );
}
