/** Asks before the lesson ends for everyone. */

import { useSignal } from "@preact/signals";
import { text } from "../i18n/language.ts";
import { butKept } from "./attendance/kept.ts";
import { Dialog } from "./dialog.tsx";
import type { RoomView } from "./view.ts";

export function EndDialog({ view }: { readonly view: RoomView }) {
  const words = text.value;
  const state = useSignal<"asking" | "ending" | "failed">("asking");
  const close = () => (view.dialog.value = null);
  const end = async () => {
    state.value = "ending";
    const settled = await view.endForAll();
    if (settled === null || settled.refusal !== null) {
      state.value = "failed";
    } else {
      close();
    }
  };
  return (
    <Dialog title={words.endDialog.title} onClose={close} testId="end-dialog">
      <p>{butKept(words.endDialog.help, view.statement)}</p>
      {state.value === "failed" ? (
        <p class="field-error" role="alert">
          {words.endDialog.failed}
        </p>
      ) : null}
      <div class="dialog-ways">
        <button type="button" class="button" onClick={close}>
          {words.cancel}
        </button>
        <button type="button" class="button button-danger" aria-disabled={state.value === "ending"} onClick={() => void end()} data-testid="end-confirm">
          {words.endDialog.confirm}
        </button>
      </div>
    </Dialog>
  );
}
