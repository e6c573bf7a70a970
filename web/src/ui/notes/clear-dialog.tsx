/** Asks before the notes are cleared for everyone: `clear-notes-dialog`, `clear-notes-confirm`. */

import { text } from "../../i18n/language.ts";
import { Dialog } from "../dialog.tsx";
import type { RoomView } from "../view.ts";

export function ClearNotesDialog({ view }: { readonly view: RoomView }) {
  const words = text.value;
  const close = () => (view.dialog.value = null);
  const clear = () => {
    view.ask({ kind: "notes", act: { kind: "clear" } });
    close();
  };
  return (
    <Dialog title={words.notes.clearTitle} onClose={close} testId="clear-notes-dialog">
      <p>{words.notes.clearHelp}</p>
      <div class="dialog-ways">
        <button type="button" class="button" onClick={close}>
          {words.cancel}
        </button>
        <button type="button" class="button button-danger" onClick={clear} data-testid="clear-notes-confirm">
          {words.notes.clear}
        </button>
      </div>
    </Dialog>
  );
}
