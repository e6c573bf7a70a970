/** Tells of a question that waits for an answer while the polls are closed: `poll-invitation`. */

import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";

export function PollInvitation({ view }: { readonly view: RoomView }) {
  const words = text.value.poll;
  const { votes } = view.store.inbox.value;
  const waiting = view.store.room.value.polls.findLast(({ id, stage }) => stage === "open" && !votes.has(id));
  if (waiting === undefined || view.isModerator.value || view.panel.value === "polls" || view.declinedPoll.value === waiting.id) {
    return null;
  }
  return (
    <section class="banner banner-request" aria-label={words.invitation} data-testid="poll-invitation">
      <Icon name="poll" />
      <p>
        <strong>{words.invitation}</strong> {waiting.question}
      </p>
      <span class="banner-ways">
        <button type="button" class="button button-small button-main" onClick={() => (view.panel.value = "polls")} data-testid="poll-invitation-open">
          {words.answer}
        </button>
        <button type="button" class="button button-small button-plain" onClick={() => (view.declinedPoll.value = waiting.id)}>
          {words.later}
        </button>
      </span>
    </section>
  );
}
