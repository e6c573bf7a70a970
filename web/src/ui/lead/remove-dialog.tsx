/** Asks before somebody is sent out, and says honestly what that can do. Test ids: `remove-dialog`, `remove-confirm`. */

import { useSignal } from "@preact/signals";
import { text } from "../../i18n/language.ts";
import { Dialog } from "../dialog.tsx";
import type { RoomView } from "../view.ts";

export function RemoveDialog({ view }: { readonly view: RoomView }) {
  const words = text.value;
  const person = view.removing.value;
  const isBan = useSignal(true);
  const isKnocking = useSignal(view.store.room.value.settings.entry === "open");
  const close = () => (view.dialog.value = null);
  if (person === null) {
    return null;
  }
  const remove = () => {
    if (isKnocking.value) {
      view.ask({ kind: "door", act: { kind: "setEntry", entry: "ask" } });
    }
    view.ask({ kind: "door", act: { kind: "remove", id: person.id, ban: isBan.value } });
    view.menuOf.value = null;
    close();
  };
  return (
    <Dialog title={words.door.removeDialog.title(person.name)} onClose={close} testId="remove-dialog">
      <p>{words.door.removeDialog.help}</p>
      <div class="choices">
        <label class="choice">
          <input type="checkbox" checked={isBan.value} onChange={({ currentTarget }) => (isBan.value = currentTarget.checked)} />
          <span>{words.door.removeDialog.ban}</span>
        </label>
        {view.store.room.value.settings.entry === "open" ? (
          <label class="choice">
            <input type="checkbox" checked={isKnocking.value} onChange={({ currentTarget }) => (isKnocking.value = currentTarget.checked)} />
            <span>{words.door.removeDialog.knock}</span>
          </label>
        ) : null}
      </div>
      <div class="dialog-ways">
        <button type="button" class="button" onClick={close}>
          {words.cancel}
        </button>
        <button type="button" class="button button-danger" onClick={remove} data-testid="remove-confirm">
          {words.door.removeDialog.confirm}
        </button>
      </div>
    </Dialog>
  );
}
