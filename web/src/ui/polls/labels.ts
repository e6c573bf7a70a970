/** What the choices of a question are called. */

import { text } from "../../i18n/language.ts";
import type { Answer, Form } from "../../room/parse-polls.ts";

const LETTERS = ["A", "B", "C", "D", "E", "F"];

/** One for each choice; none where the answer is written. */
export function labels(form: Form): readonly string[] {
  const words = text.value.poll;
  switch (form.kind) {
    case "yesNo":
      return [words.yes, words.no];
    case "trueFalse":
      return [words.true, words.false];
    case "letters":
      return LETTERS.slice(0, form.count);
    case "choice":
      return form.options;
    case "text":
    case "number":
      return [];
  }
}

/** An answer in words. */
export function spell(form: Form, answer: Answer): string {
  switch (answer.kind) {
    case "choices":
      return answer.chosen.map((place) => labels(form)[place] ?? "?").join(", ");
    case "text":
      return answer.text;
    case "number":
      return localNumber(answer.number);
  }
}

/** A number as the room writes it, with the reader's decimal sign. */
export function localNumber(number: string): string {
  return text.value.poll.decimal === "," ? number.replace(".", ",") : number;
}
