/**
 * Answering a question, and answering otherwise until it is closed.
 *
 * For browser tests: `poll-choice` with `data-place`, `poll-answer`, `poll-vote`, `poll-voted`.
 */

import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { keepBallot, secretBallot } from "../../room/ballots.ts";
import type { OwnVote, Poll } from "../../room/messages.ts";
import type { Answer } from "../../room/parse-polls.ts";
import type { RoomView } from "../view.ts";
import { labels } from "./labels.ts";

/** Characters of an answer that the room takes. */
const ANSWER_MAX = 200;

interface BallotProps {
  readonly view: RoomView;
  readonly poll: Poll;
  /** How this person has voted; undefined when they have not. */
  readonly vote: OwnVote | undefined;
}

export function BallotPaper({ view, poll, vote }: BallotProps) {
  const words = text.value.poll;
  const known = vote === undefined ? null : (vote.ballot ?? secretBallot(sessionStorage, roomOf(view), poll.id).answer);
  const chosen = useSignal<readonly number[]>(known?.kind === "choices" ? known.chosen : []);
  const written = useSignal(known?.kind === "text" ? known.text : known?.kind === "number" ? known.number : "");
  const answer = ready(poll, chosen.value, written.value);
  const isSame = answer !== null && JSON.stringify(answer) === JSON.stringify(known);
  return (
    <form
      class="ballot"
      onSubmit={(event) => {
        event.preventDefault();
        if (answer !== null) {
          cast(view, poll, answer);
        }
      }}
    >
      {labels(poll.form).length > 0 ? (
        <Choices poll={poll} chosen={chosen.value} onChange={(next) => (chosen.value = next)} />
      ) : (
        <input
          class="ballot-field"
          aria-label={words.yourAnswer}
          placeholder={words.yourAnswer}
          inputMode={poll.form.kind === "number" ? "decimal" : "text"}
          maxLength={poll.form.kind === "number" ? 17 : ANSWER_MAX}
          value={written.value}
          onInput={({ currentTarget }) => (written.value = currentTarget.value)}
          data-testid="poll-answer"
        />
      )}
      <div class="ballot-foot">
        <button type="submit" class="button button-small button-main" aria-disabled={answer === null || isSame} data-testid="poll-vote">
          {vote === undefined ? words.vote : words.change}
        </button>
        {vote === undefined ? null : (
          <span class="ballot-done" data-testid="poll-voted">
            {words.voted}
          </span>
        )}
      </div>
    </form>
  );
}

interface ChoicesProps {
  readonly poll: Poll;
  readonly chosen: readonly number[];
  readonly onChange: (chosen: readonly number[]) => void;
}

function Choices({ poll, chosen, onChange }: ChoicesProps) {
  const group = useId();
  const several = poll.form.kind === "choice" && poll.form.several;
  const toggle = (place: number, isOn: boolean) => {
    const others = several ? chosen.filter((other) => other !== place) : [];
    onChange(isOn ? [...others, place].toSorted((a, b) => a - b) : others);
  };
  return (
    <fieldset class="choices">
      <legend class="hidden">{poll.question}</legend>
      {labels(poll.form).map((label, place) => (
        <label key={place} class="choice" data-testid="poll-choice" data-place={place}>
          <input
            type={several ? "checkbox" : "radio"}
            name={group}
            checked={chosen.includes(place)}
            onChange={({ currentTarget }) => toggle(place, currentTarget.checked)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

/** The answer as it stands; null while it is none. */
function ready(poll: Poll, chosen: readonly number[], written: string): Answer | null {
  const words = written.trim();
  switch (poll.form.kind) {
    case "text":
      return words === "" ? null : { kind: "text", text: words };
    case "number":
      return /^-?\d{1,9}([.,]\d{1,6})?$/.test(words) ? { kind: "number", number: words.replace(",", ".") } : null;
    default:
      return chosen.length === 0 ? null : { kind: "choices", chosen: [...chosen] };
  }
}

function cast(view: RoomView, poll: Poll, answer: Answer): void {
  if (!poll.anonymous) {
    view.ask({ kind: "poll", act: { kind: "vote", id: poll.id, ballot: answer, key: null } });
    return;
  }
  const { key } = secretBallot(sessionStorage, roomOf(view), poll.id);
  keepBallot(sessionStorage, roomOf(view), poll.id, { key, answer });
  view.ask({ kind: "poll", act: { kind: "vote", id: poll.id, ballot: answer, key } });
}

function roomOf(view: RoomView): string {
  return view.store.room.peek().room;
}
