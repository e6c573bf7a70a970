/** For who waits: that it will go on, and what the teacher says. Test ids: `waiting`, `waiting-notice`. */

import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import { Notice } from "../notice.tsx";
import type { RoomView } from "../view.ts";

export function WaitingScreen({ view }: { readonly view: RoomView }) {
  const words = text.value.door;
  const { notice } = view.store.door.value;
  return (
    <Notice icon="clock" title={words.youWait.title} help={words.youWait.help(view.name)} testId="waiting">
      <div class="waiting-said" aria-live="polite">
        {notice === null ? null : (
          <>
            <p class="waiting-from">{words.noticeFrom}</p>
            <p class="bubble" data-testid="waiting-notice">
              {notice}
            </p>
          </>
        )}
      </div>
      <p class="waiting-pulse" aria-hidden="true">
        <span />
        <span />
        <span />
      </p>
      <button type="button" class="button" onClick={view.leave} data-testid="leave">
        <Icon name="leave" />
        {words.stopWaiting}
      </button>
    </Notice>
  );
}
