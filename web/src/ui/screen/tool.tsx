/**
 * The tool that shares a screen, and what stands in its way.
 *
 * For browser tests: `screen-toggle` with `data-state`, `screen-problem`.
 */

import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import { canShare } from "./share.ts";

/** Whether this person may share a screen, and can here. */
export const sharesScreens = (view: RoomView): boolean => canShare() && !view.locks.value.has("screen");

export function ScreenToggle({ view }: { readonly view: RoomView }) {
  const words = text.value.screen;
  const { state } = view.screen.state.value;
  const isOn = state === "on";
  const title = isOn ? words.stop : words.share;
  return (
    <button
      type="button"
      class="tool"
      aria-label={words.tool}
      aria-pressed={isOn}
      aria-busy={state === "asking"}
      aria-keyshortcuts="S"
      title={`${title} (S)`}
      data-state={state}
      onClick={() => view.sources.toggle("screen")}
      data-testid="screen-toggle"
    >
      <span class="tool-face">
        <Icon name="screen" />
      </span>
      <span class="tool-label">{words.tool}</span>
    </button>
  );
}

export function ScreenHelp({ view }: { readonly view: RoomView }) {
  if (view.screen.state.value.state !== "failed") {
    return null;
  }
  const words = text.value;
  return (
    <div class="help" role="alert" data-testid="screen-problem">
      <Icon name="alert" />
      <div class="help-words">
        <strong>{words.screen.failed.title}</strong>
        <p>{words.screen.failed.help}</p>
        <div class="help-ways">
          <button type="button" class="button button-small" onClick={() => view.sources.toggle("screen")}>
            {words.again}
          </button>
          <button type="button" class="button button-small button-plain" onClick={view.screen.dismiss}>
            {words.close}
          </button>
        </div>
      </div>
    </div>
  );
}
