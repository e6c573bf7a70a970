/** Choice of a device that is in use. */

import { text } from "../../i18n/language.ts";
import type { Source } from "./devices.ts";
import { ownEntries } from "./plugs.ts";
import type { Plugged } from "./plugs.ts";

export function DevicePicker({ source }: { readonly source: Source }) {
  return (
    <Choice
      id={`picker-${source.kind}`}
      label={text.value[source.kind]}
      choices={ownEntries(source.choices.value)}
      chosen={source.chosen.value}
      onChoose={(deviceId) => void source.choose(deviceId)}
      testId={`${source.kind}-picker`}
    />
  );
}

interface ChoiceProps {
  readonly id: string;
  readonly label: string;
  readonly choices: readonly Plugged[];
  /** Empty is the default. */
  readonly chosen: string;
  readonly onChoose: (deviceId: string) => void;
  readonly testId: string;
}

export function Choice({ id, label, choices, chosen, onChoose, testId }: ChoiceProps) {
  const words = text.value.join;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={chosen} onChange={(event) => onChoose(event.currentTarget.value)} data-testid={testId}>
        <option value="">{words.defaultDevice}</option>
        {choices.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label === "" ? words.unnamedDevice(index + 1) : device.label}
          </option>
        ))}
      </select>
    </div>
  );
}
