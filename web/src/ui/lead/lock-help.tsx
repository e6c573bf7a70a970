/** Why a microphone, camera or screen cannot be switched on now: `lock-told` with `data-source`. */

import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";

export function LockHelp({ view }: { readonly view: RoomView }) {
  const told = view.sources.told.value;
  if (told === null) {
    return null;
  }
  const words = text.value.lead.told[told];
  return (
    <div class="help" role="alert" data-testid="lock-told" data-source={told}>
      <Icon name="lock" />
      <div class="help-words">
        <strong>{words.title}</strong>
        <p>{words.help}</p>
        <div class="help-ways">
          <button type="button" class="button button-small" onClick={view.sources.dismiss}>
            {text.value.lead.understood}
          </button>
        </div>
      </div>
    </div>
  );
}
