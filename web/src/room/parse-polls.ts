/** Reads polls out of objects of the control tracks. */

import { asFields, isCount, list } from "./fields.ts";
import type { Ballot, NamedBallot, OwnVote, Poll, PollChange, PollCount, PollForm, Tally } from "./messages.ts";

export type Form = PollForm<string>;
export type Answer = Ballot<string, string>;

export function poll(value: unknown): Poll | null {
  const fields = asFields(value);
  const { id, question, anonymous, stage, votes } = fields ?? {};
  const how = form(fields?.["form"]);
  const results = fields?.["results"] === null ? null : tally(fields?.["results"]);
  if (!isCount(id) || typeof question !== "string" || typeof anonymous !== "boolean" || !isCount(votes) || how === null) {
    return null;
  }
  return { id, question, form: how, anonymous, stage: stage === "open" ? "open" : "closed", votes, results };
}

export function pollChange(value: unknown): PollChange | null {
  const fields = asFields(value);
  const { kind, id, votes } = fields ?? {};
  if (kind === "opened") {
    const opened = poll(fields?.["poll"]);
    return opened === null ? null : { kind, poll: opened };
  }
  if (!isCount(id)) {
    return null;
  }
  switch (kind) {
    case "votes":
    case "closed":
      return isCount(votes) ? { kind, id, votes } : null;
    case "published": {
      const results = tally(fields?.["results"]);
      return results === null ? null : { kind, id, results };
    }
    case "removed":
      return { kind, id };
    default:
      return null;
  }
}

export function pollCount(value: unknown): PollCount | null {
  const fields = asFields(value);
  const id = fields?.["id"];
  const ballots = list(fields?.["ballots"], namedBallot);
  return !isCount(id) || ballots === null ? null : { id, tally: tally(fields?.["tally"]), ballots };
}

export function ownVote(value: unknown): OwnVote | null {
  const fields = asFields(value);
  const id = fields?.["id"];
  return isCount(id) ? { id, ballot: answer(fields?.["ballot"]) } : null;
}

export function form(value: unknown): Form | null {
  const fields = asFields(value);
  const { kind, several } = fields ?? {};
  const letters = fields?.["count"];
  switch (kind) {
    case "yesNo":
    case "trueFalse":
    case "text":
    case "number":
      return { kind };
    case "letters":
      return isCount(letters) && letters >= 2 && letters <= 6 ? { kind, count: letters } : null;
    case "choice": {
      const options = list(fields?.["options"], text);
      return options === null || options.length < 2 ? null : { kind, options, several: several === true };
    }
    default:
      return null;
  }
}

export function answer(value: unknown): Answer | null {
  const fields = asFields(value);
  const { kind, text: words, number } = fields ?? {};
  if (kind === "choices") {
    const chosen = list(fields?.["chosen"], count);
    return chosen === null ? null : { kind, chosen };
  }
  if (kind === "text") {
    return typeof words === "string" ? { kind, text: words } : null;
  }
  return kind === "number" && typeof number === "string" ? { kind, number } : null;
}

function tally(value: unknown): Tally | null {
  const fields = asFields(value);
  const votes = fields?.["votes"];
  const counts = list(fields?.["counts"], count);
  const texts = list(fields?.["texts"], text);
  const numbers = list(fields?.["numbers"], text);
  return !isCount(votes) || counts === null || texts === null || numbers === null ? null : { votes, counts, texts, numbers };
}

function namedBallot(value: unknown): NamedBallot | null {
  const fields = asFields(value);
  const { id, name } = fields ?? {};
  const ballot = answer(fields?.["ballot"]);
  return typeof id !== "string" || typeof name !== "string" || ballot === null ? null : { id, name, ballot };
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function count(value: unknown): number | null {
  return isCount(value) ? value : null;
}
