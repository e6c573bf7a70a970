/** Something is shown that this person does not look at: the way there, `stage-shown`. */

import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";

export function ShownElsewhere({ view }: { readonly view: RoomView }) {
  const { layout, isShowing, screen } = view.stage;
  // Who wants sound alone gets slides all the same, but no picture that moves.
  const looks = layout.value === "presentation" || (layout.value === "audio" && screen.value === null);
  return looks || !isShowing.value ? null : (
    <button type="button" class="chip stage-shown" onClick={() => view.stage.pick("presentation")} data-testid="stage-shown">
      <Icon name="presenter" />
      {text.value.layout.shown}
    </button>
  );
}
