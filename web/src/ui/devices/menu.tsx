/**
 * Which microphone, loudspeaker and camera are used and how, to choose in the room.
 *
 * For browser tests: `devices-toggle`, `devices-menu`, `mic-picker`, `cam-picker`, `speaker-picker`, `test-tone`,
 * `push-to-talk`, `tell-muted`, `document-camera`.
 */

import { useEffect, useId, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import { stayOpenInside } from "../popover.ts";
import type { RoomView } from "../view.ts";
import { Choice, DevicePicker } from "./picker.tsx";
import { pushesToTalk, setMutedHint, setPushToTalk } from "./settings.ts";

/** Where a tool has no corner for it: a tool of its own. */
export function DevicesTool({ view }: { readonly view: RoomView }) {
  const label = text.value.join.devices;
  return (
    <button
      type="button"
      class="tool"
      aria-label={label}
      aria-expanded={view.isDevicesOpen.value}
      aria-controls="devices-menu"
      onClick={() => (view.isDevicesOpen.value = !view.isDevicesOpen.peek())}
      data-testid="devices-toggle"
    >
      <span class="tool-face">
        <Icon name="devices" />
      </span>
      <span class="tool-label">{text.value.layout.devices}</span>
    </button>
  );
}

/** In the corner of the microphone's or camera's tool. */
export function DevicesCorner({ view, of }: { readonly view: RoomView; readonly of: string }) {
  const label = `${of}: ${text.value.join.devices}`;
  return (
    <button
      type="button"
      class="tool-corner"
      aria-label={label}
      title={label}
      aria-expanded={view.isDevicesOpen.value}
      aria-controls="devices-menu"
      onClick={() => (view.isDevicesOpen.value = !view.isDevicesOpen.peek())}
    >
      <Icon name="below" />
    </button>
  );
}

export function DevicesMenu({ view }: { readonly view: RoomView }) {
  return view.isDevicesOpen.value ? <OpenDevicesMenu view={view} /> : null;
}

function OpenDevicesMenu({ view }: { readonly view: RoomView }) {
  const menu = useRef<HTMLElement>(null);
  useEffect(() => stayOpenInside(menu.current, () => (view.isDevicesOpen.value = false)), []);
  return (
    <section ref={menu} id="devices-menu" class="devices-menu" aria-label={text.value.join.devices} data-testid="devices-menu">
      <DevicePicker source={view.devices.mic} />
      <MicrophoneSettings view={view} />
      <SpeakerPicker view={view} />
      <DevicePicker source={view.devices.cam} />
      <CameraSettings view={view} />
    </section>
  );
}

function MicrophoneSettings({ view }: { readonly view: RoomView }) {
  const words = text.value.devices;
  const { mic } = view.devices;
  const push = (next: boolean) => {
    setPushToTalk(next);
    // From now on it is on only while Space is held.
    if (next && mic.state.peek().state === "on") {
      mic.rest();
    }
  };
  return (
    <div class="device-settings">
      <div class="needs-keys">
        <Setting title={words.pushToTalk} help={words.pushToTalkHelp} isOn={pushesToTalk.value} onChange={push} testId="push-to-talk" />
      </div>
      <Setting title={words.tellMuted} help={words.tellMutedHelp} isOn={view.ownVoice.tellsMuted.value} onChange={setMutedHint} testId="tell-muted" />
    </div>
  );
}

function CameraSettings({ view }: { readonly view: RoomView }) {
  const words = text.value.devices;
  const { cam } = view.devices;
  return (
    <div class="device-settings">
      <Setting title={words.document} help={words.documentHelp} isOn={cam.isDetailed.value} onChange={(next) => void cam.setDetailed(next)} testId="document-camera" />
    </div>
  );
}

interface SettingProps {
  readonly title: string;
  readonly help: string;
  readonly isOn: boolean;
  readonly onChange: (next: boolean) => void;
  readonly testId: string;
}

function Setting({ title, help, isOn, onChange, testId }: SettingProps) {
  const id = useId();
  return (
    <label class="switch" for={id}>
      <span class="device-words">
        <span>{title}</span>
        <span id={`${id}-help`} class="field-hint">
          {help}
        </span>
      </span>
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        aria-label={title}
        aria-describedby={`${id}-help`}
        checked={isOn}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        data-testid={testId}
      />
    </label>
  );
}

function SpeakerPicker({ view }: { readonly view: RoomView }) {
  const words = text.value;
  const { speaker } = view;
  const choices = speaker?.choices.value ?? [];
  return (
    <div class="device-settings">
      {speaker === null || choices.length === 0 ? null : (
        <Choice id="picker-speaker" label={words.devices.speaker} choices={choices} chosen={speaker.chosen.value} onChoose={(deviceId) => void speaker.choose(deviceId)} testId="speaker-picker" />
      )}
      <button type="button" class="button button-small" onClick={view.chime} data-testid="test-tone">
        <Icon name="sound" />
        {words.devices.testTone}
      </button>
    </div>
  );
}
