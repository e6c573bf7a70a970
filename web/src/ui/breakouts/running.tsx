/**
 * What whoever leads does with groups that are open: time, words to all, the end.
 *
 * For browser tests: `breakout-extend`, `close-soon`, `close-now`, `speak-to-all`, `tell-groups`, `tell-groups-send`.
 */

import { useSignal } from "@preact/signals";
import { text } from "../../i18n/language.ts";
import type { BreakoutAct } from "../../room/messages.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import { Countdown } from "./countdown.tsx";

const MORE_MINUTES = 5;
const WARNED_SECONDS = 60;

interface Props {
  readonly view: RoomView;
  readonly ask: (act: BreakoutAct) => void;
}

export function Running({ view }: { readonly view: RoomView }) {
  const ask = (act: BreakoutAct) => view.ask({ kind: "breakout", act });
  return (
    <div class="breakout-running">
      <Time view={view} ask={ask} />
      <Speak view={view} ask={ask} />
      <Tell ask={ask} />
    </div>
  );
}

function Time({ view, ask }: Props) {
  const words = text.value.breakout;
  const { endsAt } = view.store.room.value.breakouts;
  return (
    <div class="breakout-end">
      {endsAt === null ? (
        <span class="breakout-time">
          <Icon name="clock" />
          {words.noEnd}
        </span>
      ) : (
        <>
          <Countdown view={view} endsAt={endsAt} />
          <button
            type="button"
            class="button button-small"
            title={words.extendLong}
            onClick={() => ask({ kind: "extend", minutes: MORE_MINUTES })}
            data-testid="breakout-extend"
          >
            {words.extend}
          </button>
        </>
      )}
      <span class="breakout-ends">
        <button type="button" class="button button-small" onClick={() => ask({ kind: "close", seconds: WARNED_SECONDS })} data-testid="close-soon">
          {words.closeSoon}
        </button>
        <button type="button" class="button button-small button-danger" onClick={() => ask({ kind: "close", seconds: 0 })} data-testid="close-now">
          {words.closeNow}
        </button>
      </span>
    </div>
  );
}

/** Who speaks to all means to be heard: the own microphone goes on with it. */
function Speak({ view, ask }: Props) {
  const words = text.value.breakout;
  const isOn = view.store.room.value.breakouts.voice === view.store.me;
  return (
    <button
      type="button"
      class="button breakout-speak"
      aria-pressed={isOn}
      title={isOn ? words.stopSpeaking : words.speak}
      onClick={() => {
        if (!isOn && view.devices.mic.state.value.state !== "on") {
          void view.devices.mic.turnOn();
        }
        ask({ kind: "broadcast", on: !isOn });
      }}
      data-testid="speak-to-all"
    >
      <Icon name="sound" />
      {isOn ? words.speaking : words.speak}
    </button>
  );
}

function Tell({ ask }: Pick<Props, "ask">) {
  const words = text.value.breakout;
  const typed = useSignal("");
  return (
    <form
      class="sheet-said"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.value.trim() !== "") {
          ask({ kind: "tell", text: typed.value.trim() });
          typed.value = "";
        }
      }}
    >
      <input
        type="text"
        maxLength={500}
        value={typed.value}
        placeholder={words.tellHint}
        aria-label={words.tell}
        onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
        data-testid="tell-groups"
      />
      <button type="submit" class="button button-small" data-testid="tell-groups-send">
        {words.tellSend}
      </button>
    </form>
  );
}
