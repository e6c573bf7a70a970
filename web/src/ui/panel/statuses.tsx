/** How many have which status, for whoever leads: `status-count` with `data-status`, `statuses-clear`. */

import { text } from "../../i18n/language.ts";
import { STATUSES } from "../../room/parse-signs.ts";
import { Icon } from "../icon.tsx";
import { STATUS_ICONS } from "../signs/sign-icons.ts";
import type { RoomView } from "../view.ts";

export function StatusSummary({ view }: { readonly view: RoomView }) {
  const words = text.value.sign;
  const given = [...view.store.room.value.statuses.values()];
  if (!view.isModerator.value || given.length === 0) {
    return null;
  }
  const counts = STATUSES.map((status) => ({ status, count: given.filter((other) => other === status).length }));
  return (
    <section class="statuses" aria-label={words.summary}>
      <ul class="statuses-list">
        {counts
          .filter(({ count }) => count > 0)
          .map(({ status, count }) => (
            <li key={status} class="chip chip-still" data-status={status} data-testid="status-count">
              <Icon name={STATUS_ICONS[status]} />
              {words.statuses[status]}
              <strong>{count}</strong>
            </li>
          ))}
      </ul>
      <button type="button" class="link-button" onClick={() => view.ask({ kind: "sign", act: { kind: "clearStatuses" } })} data-testid="statuses-clear">
        {words.clearAll}
      </button>
    </section>
  );
}
