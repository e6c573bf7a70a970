/** Choice of the microphone or camera in use. */

import { text } from "../../i18n/language.ts";
import type { Source } from "./devices.ts";

export function DevicePicker({ source }: { readonly source: Source }) {
  const words = text.value;
  const id = `picker-${source.kind}`;
  const named = source.choices.value.filter((device) => device.deviceId !== "default");
  return (
    <div class="field">
      <label for={id}>{words[source.kind]}</label>
      <select
        id={id}
        value={source.chosen.value}
        onChange={(event) => void source.choose(event.currentTarget.value)}
        data-testid={`${source.kind}-picker`}
      >
        <option value="">{words.join.defaultDevice}</option>
        {named.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label === "" ? words.join.unnamedDevice(index + 1) : device.label}
          </option>
        ))}
      </select>
    </div>
  );
}
