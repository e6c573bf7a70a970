/** What was answered: bars with numbers, words, or an overview of numbers. `poll-bar` with `data-count`. */

import { text } from "../../i18n/language.ts";
import type { Tally } from "../../room/messages.ts";
import type { Form } from "../../room/parse-polls.ts";
import { labels, localNumber } from "./labels.ts";

interface ResultsProps {
  readonly form: Form;
  readonly tally: Tally;
}

export function Results({ form, tally }: ResultsProps) {
  const names = labels(form);
  const words = text.value.poll;
  return (
    <div class="results" data-testid="poll-results" data-votes={tally.votes}>
      {names.length === 0 ? null : (
        <ul class="bars">
          {names.map((name, place) => (
            <Bar key={place} name={name} count={tally.counts[place] ?? 0} votes={tally.votes} />
          ))}
        </ul>
      )}
      {tally.texts.length === 0 ? null : (
        <ul class="answers">
          {tally.texts.map((answer, index) => (
            <li key={index}>{answer}</li>
          ))}
        </ul>
      )}
      {tally.numbers.length === 0 ? null : (
        <>
          <p class="numbers-middle">
            {words.median} <strong>{localNumber(median(tally.numbers))}</strong>
          </p>
          <ul class="answers">
            {tally.numbers.map((number, index) => (
              <li key={index}>{localNumber(number)}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Bar({ name, count, votes }: { readonly name: string; readonly count: number; readonly votes: number }) {
  const share = votes === 0 ? 0 : count / votes;
  return (
    <li class="bar-line" data-testid="poll-bar" data-count={count}>
      <span class="bar-name">{name}</span>
      <span class="bar-count">
        {count} · {Math.round(share * 100)} %
      </span>
      <span class="bar-track" aria-hidden="true">
        <span class="bar-fill" style={{ inlineSize: `${share * 100}%` }} />
      </span>
    </li>
  );
}

/** Numbers come sorted. Of an even count it is the lower one of the middle: somebody's real answer. */
function median(numbers: readonly string[]): string {
  return numbers[Math.floor((numbers.length - 1) / 2)] ?? "";
}
