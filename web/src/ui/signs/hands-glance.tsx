/** The queue of hands in the room's head: whoever leads sees it with any panel open or none. `hands-glance`. */

import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import { shownName } from "../lead/names.ts";
import type { RoomView } from "../view.ts";

export function HandsGlance({ view }: { readonly view: RoomView }) {
  const { hands, participants } = view.store.room.value;
  const [first] = hands.raised;
  if (!view.isModerator.value || first === undefined) {
    return null;
  }
  const words = text.value.hand;
  const name = shownName(view, first.id, participants.get(first.id)?.name ?? "");
  const between = ` ${words.glance(hands.raised.length)} `;
  return (
    <button
      type="button"
      class="hands-glance"
      title={`${hands.raised.length}${between}${name}`}
      aria-expanded={view.panel.value === "people"}
      aria-controls="panel"
      onClick={() => (view.panel.value = "people")}
      data-testid="hands-glance"
    >
      <Icon name="hand" />
      <strong>{hands.raised.length}</strong>
      <span class="hidden">{between}</span>
      <span class="hands-glance-name">{name}</span>
    </button>
  );
}
