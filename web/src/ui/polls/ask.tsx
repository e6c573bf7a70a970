/**
 * Asks something: now, or later out of the list of prepared questions, which stays in this browser.
 *
 * For browser tests: `poll-question`, `poll-form` with `data-kind`, `poll-options`, `poll-several`,
 * `poll-anonymous`, `poll-ask`, `poll-keep`, `prepared`, `prepared-ask`, `prepared-delete`.
 */

import { signal, useSignal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import { text } from "../../i18n/language.ts";
import type { PollDraft } from "../../room/messages.ts";
import type { Form } from "../../room/parse-polls.ts";
import { keepPrepared, readPrepared } from "../../room/prepared.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";

/** Characters and options that the room takes. */
const QUESTION_MAX = 300;
const OPTION_MAX = 200;
const OPTIONS_MAX = 10;
const KINDS: readonly Form["kind"][] = ["yesNo", "trueFalse", "letters", "choice", "text", "number"];

interface Typed {
  readonly question: string;
  readonly kind: Form["kind"];
  readonly letters: number;
  /** One a line. */
  readonly options: string;
  readonly several: boolean;
  readonly anonymous: boolean;
}

const EMPTY: Typed = { question: "", kind: "yesNo", letters: 4, options: "", several: false, anonymous: false };

const storage = () => localStorage;
/** What is typed is still there when the panel is opened again. */
const typed = signal<Typed>(EMPTY);

export function Ask({ view }: { readonly view: RoomView }) {
  const words = text.value.poll;
  const prepared = useSignal(readPrepared(storage));
  const draft = draftOf(typed.value);
  const keep = (questions: readonly PollDraft[]) => {
    keepPrepared(storage, questions);
    prepared.value = questions;
  };
  const done = () => (typed.value = { ...EMPTY, kind: typed.value.kind });
  return (
    <section class="ask" aria-label={words.new}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (draft !== null) {
            open(view, draft);
            done();
          }
        }}
      >
        <QuestionFields typed={typed} />
        <div class="ask-ways">
          <button type="submit" class="button button-small button-main" aria-disabled={draft === null} data-testid="poll-ask">
            {words.ask}
          </button>
          <button
            type="button"
            class="button button-small"
            aria-disabled={draft === null}
            onClick={() => {
              if (draft !== null) {
                keep([...prepared.value, draft]);
                done();
              }
            }}
            data-testid="poll-keep"
          >
            {words.keep}
          </button>
        </div>
      </form>
      {prepared.value.length === 0 ? null : <Prepared view={view} questions={prepared.value} onChange={keep} />}
    </section>
  );
}

function QuestionFields({ typed: fields }: { readonly typed: Signal<Typed> }) {
  const words = text.value.poll;
  const { question, kind, options, several, anonymous } = fields.value;
  const change = (next: Partial<Typed>) => (fields.value = { ...fields.peek(), ...next });
  return (
    <>
      <input
        class="ballot-field"
        value={question}
        maxLength={QUESTION_MAX}
        placeholder={words.question}
        aria-label={words.question}
        onInput={({ currentTarget }) => change({ question: currentTarget.value })}
        data-testid="poll-question"
      />
      <fieldset class="kinds">
        <legend class="hidden">{words.kind}</legend>
        {KINDS.map((other) => (
          <button key={other} type="button" class="chip" aria-pressed={kind === other} onClick={() => change({ kind: other })} data-testid="poll-form" data-kind={other}>
            {words.kinds[other]}
          </button>
        ))}
      </fieldset>
      {kind === "letters" ? <LetterCount fields={fields} /> : null}
      {kind === "choice" ? (
        <>
          <textarea
            class="ballot-field"
            rows={3}
            value={options}
            placeholder={words.options}
            aria-label={words.options}
            onInput={({ currentTarget }) => change({ options: currentTarget.value })}
            data-testid="poll-options"
          />
          <Check isOn={several} label={words.several} onChange={(isOn) => change({ several: isOn })} testId="poll-several" />
        </>
      ) : null}
      <Check isOn={anonymous} label={words.askAnonymously} onChange={(isOn) => change({ anonymous: isOn })} testId="poll-anonymous" />
    </>
  );
}

function LetterCount({ fields }: { readonly fields: Signal<Typed> }) {
  const { letters } = fields.value;
  return (
    <label class="ask-letters">
      {text.value.poll.letters}
      <select value={letters} onChange={({ currentTarget }) => (fields.value = { ...fields.peek(), letters: Number(currentTarget.value) })}>
        {[2, 3, 4, 5, 6].map((count) => (
          <option key={count} value={count}>
            A–{"ABCDEF"[count - 1]}
          </option>
        ))}
      </select>
    </label>
  );
}

interface CheckProps {
  readonly isOn: boolean;
  readonly label: string;
  readonly onChange: (isOn: boolean) => void;
  readonly testId: string;
}

function Check({ isOn, label, onChange, testId }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={isOn} onChange={({ currentTarget }) => onChange(currentTarget.checked)} data-testid={testId} />
      {label}
    </label>
  );
}

interface PreparedProps {
  readonly view: RoomView;
  readonly questions: readonly PollDraft[];
  readonly onChange: (questions: readonly PollDraft[]) => void;
}

function Prepared({ view, questions, onChange }: PreparedProps) {
  const words = text.value.poll;
  return (
    <details class="prepared" data-testid="prepared">
      <summary>{words.prepared(questions.length)}</summary>
      <ul>
        {questions.map((draft, index) => (
          <li key={index}>
            <span>{draft.question}</span>
            <button type="button" class="button button-small" onClick={() => open(view, draft)} data-testid="prepared-ask">
              {words.ask}
            </button>
            <button
              type="button"
              class="icon-button"
              aria-label={words.forget(draft.question)}
              onClick={() => onChange(questions.filter((other) => other !== draft))}
              data-testid="prepared-delete"
            >
              <Icon name="trash" />
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

function open(view: RoomView, poll: PollDraft): void {
  view.ask({ kind: "poll", act: { kind: "open", poll } });
}

/** The question as it would be asked; null while something is missing. */
function draftOf({ question, kind, letters, options, several, anonymous }: Typed): PollDraft | null {
  const listed = options
    .split("\n")
    .map((option) => option.trim())
    .filter((option) => option !== "");
  const isWhole = kind !== "choice" || (listed.length >= 2 && listed.length <= OPTIONS_MAX && listed.every((option) => option.length <= OPTION_MAX));
  if (question.trim() === "" || !isWhole) {
    return null;
  }
  const form: Form = kind === "letters" ? { kind, count: letters } : kind === "choice" ? { kind, options: listed, several } : { kind };
  return { question: question.trim(), form, anonymous };
}
