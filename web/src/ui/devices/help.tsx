/** What stands between a person and a device, and the way out. */

import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { Source } from "./devices.ts";

export function DeviceHelp({ source }: { readonly source: Source }) {
  const state = source.state.value;
  if (state.state !== "failed") {
    return null;
  }
  const words = text.value;
  const problem = words.device[state.problem];
  return (
    <div class="help" role="alert" data-testid={`${source.kind}-problem`} data-problem={state.problem}>
      <Icon name="alert" />
      <div class="help-words">
        <strong>{problem.title(words[source.kind])}</strong>
        <p>{problem.help}</p>
        <div class="help-ways">
          {state.problem === "insecure" ? null : (
            <button type="button" class="button button-small" onClick={() => void source.turnOn()}>
              {words.again}
            </button>
          )}
          <button type="button" class="button button-small button-plain" onClick={source.dismiss}>
            {words.close}
          </button>
        </div>
      </div>
    </div>
  );
}
