/** Asks before the public chat is cleared for everyone: `clear-dialog`, `clear-confirm`. */

import { text } from "../i18n/language.ts";
import { Dialog } from "./dialog.tsx";
import type { RoomView } from "./view.ts";

export function ClearDialog({ view }: { readonly view: RoomView }) {
  const words = text.value;
  const close = () => (view.dialog.value = null);
  const clear = () => {
    view.ask({ kind: "chat", act: { kind: "clear" } });
    close();
  };
  return (
    <Dialog title={words.talk.clearTitle} onClose={close} testId="clear-dialog">
      <p>{words.talk.clearHelp}</p>
      <div class="dialog-ways">
        <button type="button" class="button" onClick={close}>
          {words.cancel}
        </button>
        <button type="button" class="button button-danger" onClick={clear} data-testid="clear-confirm">
          {words.talk.clear}
        </button>
      </div>
    </Dialog>
  );
}
