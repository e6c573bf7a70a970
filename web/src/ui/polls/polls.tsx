/** The panel of polls: asking for whoever leads, answering for everyone else, the newest first. */

import { text } from "../../i18n/language.ts";
import type { RoomView } from "../view.ts";
import { Ask } from "./ask.tsx";
import { PollCard } from "./card.tsx";

export function PollsPanel({ view }: { readonly view: RoomView }) {
  const { polls } = view.store.room.value;
  return (
    <div class="polls">
      {view.isModerator.value ? <Ask view={view} /> : null}
      {polls.length === 0 ? <p class="polls-none">{text.value.poll.none}</p> : null}
      <ol class="polls-list">
        {polls.toReversed().map((poll) => (
          <PollCard key={poll.id} view={view} poll={poll} />
        ))}
      </ol>
    </div>
  );
}
