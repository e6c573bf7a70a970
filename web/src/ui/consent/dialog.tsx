/** What a person agrees to, to change at any time: `consent-dialog`. */

import { text } from "../../i18n/language.ts";
import { CloseWay, Dialog } from "../dialog.tsx";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import { ConsentSwitches } from "./switches.tsx";

export function ConsentDialog({ view }: { readonly view: RoomView }) {
  const close = () => (view.dialog.value = null);
  return (
    <Dialog title={text.value.consent.open} onClose={close} testId="consent-dialog">
      <ConsentSwitches statement={view.statement} />
      <p>{text.value.consent.takenBack}</p>
      <CloseWay onClose={close} />
    </Dialog>
  );
}

/** In the room's head. */
export function ConsentWay({ view }: { readonly view: RoomView }) {
  const label = text.value.consent.open;
  return (
    <button
      type="button"
      class="icon-button head-button head-button-kept"
      aria-label={label}
      title={label}
      aria-haspopup="dialog"
      onClick={() => {
        view.statement.load();
        view.dialog.value = "consent";
      }}
      data-testid="consent-open"
    >
      <Icon name="shield" />
    </button>
  );
}
