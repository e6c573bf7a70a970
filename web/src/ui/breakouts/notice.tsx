/** What a moderator told all groups, until it is read: `breakout-notice`, `breakout-read`. */

import { useSignal } from "@preact/signals";
import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import { shownName } from "../lead/names.ts";
import type { RoomView } from "../view.ts";

export function BreakoutNoticeBanner({ view }: { readonly view: RoomView }) {
  const words = text.value.breakout;
  const read = useSignal<number | null>(null);
  const { breakouts, participants } = view.store.room.value;
  const { notice } = breakouts;
  if (notice === null || notice.by === view.store.me || notice.at === read.value) {
    return null;
  }
  return (
    <section class="banner banner-request" aria-label={words.tell} data-testid="breakout-notice">
      <Icon name="chat" />
      <p class="breakout-told">
        <strong>{words.told(shownName(view, notice.by, participants.get(notice.by)?.name ?? ""))}</strong> {notice.text}
      </p>
      <button type="button" class="button button-small button-main" onClick={() => (read.value = notice.at)} data-testid="breakout-read">
        {words.read}
      </button>
    </section>
  );
}
