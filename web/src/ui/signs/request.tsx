/**
 * Asks whoever was called on whether they want to speak. The microphone is switched on by the person
 * alone: `speak-request`, `speak-yes`, `speak-no`.
 */

import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";

export function SpeakRequest({ view }: { readonly view: RoomView }) {
  const words = text.value.hand;
  const isAsked = view.store.room.value.hands.asked.includes(view.store.me);
  if (!isAsked) {
    return null;
  }
  const isOn = view.devices.mic.state.value.state === "on";
  const speak = () => {
    view.ask({ kind: "hand", act: { kind: "answer", speaks: true } });
    if (!isOn) {
      view.sources.toggle("mic");
    }
  };
  return (
    <section class="banner banner-request" aria-label={words.request} data-testid="speak-request">
      <Icon name="hand" />
      <p>
        <strong>{words.request}</strong> {words.requestHelp}
      </p>
      <span class="banner-ways">
        <button type="button" class="button button-small button-main" onClick={speak} data-testid="speak-yes">
          {isOn ? words.speakNow : words.speak}
        </button>
        <button
          type="button"
          class="button button-small button-plain"
          onClick={() => view.ask({ kind: "hand", act: { kind: "answer", speaks: false } })}
          data-testid="speak-no"
        >
          {words.notNow}
        </button>
      </span>
    </section>
  );
}
