/**
 * Asks whoever was called on whether they want to speak, and whoever was asked to whether they want to be seen.
 * Microphone and camera are switched on by the person alone: `speak-request`, `speak-yes`, `speak-no`, and with `camera-`
 * the same.
 */

import type { HandAct } from "../../room/messages.ts";
import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import type { RoomView } from "../view.ts";

export function SpeakRequest({ view }: { readonly view: RoomView }) {
  const { hands } = view.store.room.value;
  const words = text.value.hand;
  const answer = (act: HandAct, source: "mic" | "cam" | null) => {
    view.ask({ kind: "hand", act });
    if (source !== null && view.devices[source].state.value.state !== "on") {
      view.sources.toggle(source);
    }
  };
  const isOn = view.devices.mic.state.value.state === "on";
  return (
    <>
      {hands.asked.includes(view.store.me) ? (
        <Request
          icon="hand"
          title={words.request}
          help={words.requestHelp}
          yes={isOn ? words.speakNow : words.speak}
          onYes={() => answer({ kind: "answer", speaks: true }, "mic")}
          onNo={() => answer({ kind: "answer", speaks: false }, null)}
          testId="speak"
        />
      ) : null}
      {hands.cameras.includes(view.store.me) ? (
        <Request
          icon="cam"
          title={words.camera}
          help={words.cameraHelp}
          yes={words.show}
          onYes={() => answer({ kind: "answerCamera" }, "cam")}
          onNo={() => answer({ kind: "answerCamera" }, null)}
          testId="camera"
        />
      ) : null}
    </>
  );
}

interface RequestProps {
  readonly icon: IconName;
  readonly title: string;
  readonly help: string;
  readonly yes: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
  readonly testId: string;
}

function Request({ icon, title, help, yes, onYes, onNo, testId }: RequestProps) {
  return (
    <section class="banner banner-request" aria-label={title} data-testid={`${testId}-request`}>
      <Icon name={icon} />
      <p>
        <strong>{title}</strong> {help}
      </p>
      <span class="banner-ways">
        <button type="button" class="button button-small button-main" onClick={onYes} data-testid={`${testId}-yes`}>
          {yes}
        </button>
        <button type="button" class="button button-small button-plain" onClick={onNo} data-testid={`${testId}-no`}>
          {text.value.hand.notNow}
        </button>
      </span>
    </section>
  );
}
