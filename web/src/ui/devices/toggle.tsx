/** The button of the microphone or camera: its icon, words and `aria-pressed` all say the state. */

import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import type { Source } from "./devices.ts";

const ICONS = { mic: ["mic", "micOff"], cam: ["cam", "camOff"] } as const satisfies Record<string, readonly [IconName, IconName]>;

interface ToggleProps {
  readonly source: Source;
  /** Key that does the same; shown in the tooltip. */
  readonly shortcut?: string;
  readonly onToggle?: () => void;
  /** The teacher has locked it. */
  readonly isLocked?: boolean;
  /** On while Space is held. */
  readonly isPushed?: boolean;
}

export function SourceToggle({ source, shortcut, onToggle, isLocked = false, isPushed = false }: ToggleProps) {
  const words = text.value;
  const { state } = source.state.value;
  const isOn = state === "on";
  const switching = source.kind === "mic" ? (isOn ? words.join.micOff : words.join.micOn) : isOn ? words.join.camOff : words.join.camOn;
  const label = isLocked ? words.lead.lockedTool(words[source.kind]) : isPushed ? words.devices.holdSpace : switching;
  const name = isPushed ? words.devices.space : words[source.kind];
  return (
    <button
      type="button"
      class="tool"
      aria-label={isLocked ? label : isPushed ? `${words[source.kind]}, ${name}` : name}
      aria-disabled={isLocked}
      data-locked={isLocked}
      aria-pressed={isOn}
      aria-busy={state === "asking"}
      aria-keyshortcuts={shortcut}
      title={shortcut === undefined ? label : `${label} (${shortcut})`}
      data-state={state}
      data-testid={`${source.kind}-toggle`}
      onClick={onToggle ?? (() => void source.toggle())}
    >
      <span class="tool-face">
        <Icon name={ICONS[source.kind][isOn ? 0 : 1]} />
        {isLocked ? (
          <span class="tool-lock">
            <Icon name="lock" />
          </span>
        ) : null}
      </span>
      <span class="tool-label">{name}</span>
    </button>
  );
}
