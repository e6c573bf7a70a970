/**
 * One poll: what is asked, who learns the answers, one's own answer, and what came of it.
 *
 * For browser tests: `poll` with `data-poll` and `data-stage`, `poll-votes`, `poll-close`,
 * `poll-publish`, `poll-remove`, `poll-names`.
 */

import { text } from "../../i18n/language.ts";
import type { Poll, PollCount } from "../../room/messages.ts";
import type { RoomView } from "../view.ts";
import { BallotPaper } from "./ballot.tsx";
import { spell } from "./labels.ts";
import { Results } from "./results.tsx";

interface CardProps {
  readonly view: RoomView;
  readonly poll: Poll;
}

export function PollCard({ view, poll }: CardProps) {
  const words = text.value.poll;
  const { votes, counts } = view.store.inbox.value;
  const leads = view.isModerator.value;
  const count = leads ? counts.get(poll.id) : undefined;
  const tally = leads ? (count?.tally ?? poll.results) : poll.results;
  const isOpen = poll.stage === "open";
  const vote = votes.get(poll.id);
  return (
    <li class="poll" data-testid="poll" data-poll={poll.id} data-stage={poll.stage}>
      <h3>{poll.question}</h3>
      <p class="poll-facts">
        <span class="poll-stage" data-stage={poll.stage}>
          {isOpen ? words.open : words.closed}
        </span>
        <span data-testid="poll-votes">{words.votes(Math.max(poll.votes, tally?.votes ?? 0))}</span>
      </p>
      <p class="poll-who">{poll.anonymous ? words.anonymous : words.named}</p>
      {isOpen && !leads ? <BallotPaper key={`${poll.id}-${vote !== undefined}`} view={view} poll={poll} vote={vote} /> : null}
      {tally === null ? leads && poll.anonymous && poll.votes > 0 ? <p class="poll-who">{words.tooFew}</p> : null : <Results form={poll.form} tally={tally} />}
      {count === undefined || count.ballots.length === 0 ? null : <Names poll={poll} count={count} />}
      {leads ? <Lead view={view} poll={poll} /> : null}
    </li>
  );
}

/** Who answered what, for whoever leads. */
function Names({ poll, count }: { readonly poll: Poll; readonly count: PollCount }) {
  return (
    <details class="poll-names" data-testid="poll-names">
      <summary>{text.value.poll.names}</summary>
      <ul>
        {count.ballots.map(({ id, name, ballot }) => (
          <li key={id}>
            <strong>{name}</strong> {spell(poll.form, ballot)}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Lead({ view, poll }: CardProps) {
  const words = text.value.poll;
  const { id } = poll;
  return (
    <div class="poll-ways">
      {poll.stage === "open" ? (
        <button type="button" class="button button-small" onClick={() => view.ask({ kind: "poll", act: { kind: "close", id } })} data-testid="poll-close">
          {words.close}
        </button>
      ) : null}
      <button type="button" class="button button-small" onClick={() => view.ask({ kind: "poll", act: { kind: "publish", id } })} data-testid="poll-publish">
        {poll.results === null ? words.publish : words.publishAgain}
      </button>
      <button
        type="button"
        class="button button-small button-plain"
        onClick={() => view.ask({ kind: "poll", act: { kind: "remove", id } })}
        data-testid="poll-remove"
      >
        {words.remove}
      </button>
    </div>
  );
}
