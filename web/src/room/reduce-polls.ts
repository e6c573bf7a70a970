/** Polls as everyone sees them, pure. */

import type { Poll, PollChange } from "./messages.ts";

export type Polls = readonly Poll[];

export function changePolls(polls: Polls, change: PollChange): Polls {
  switch (change.kind) {
    case "opened":
      return [...polls.filter(({ id }) => id !== change.poll.id), change.poll];
    case "votes":
      return changeOne(polls, change.id, { votes: change.votes });
    case "closed":
      return changeOne(polls, change.id, { votes: change.votes, stage: "closed" });
    case "published":
      return changeOne(polls, change.id, { results: change.results });
    case "removed":
      return polls.filter(({ id }) => id !== change.id);
  }
}

function changeOne(polls: Polls, id: number, change: Partial<Poll>): Polls {
  return polls.map((poll) => (poll.id === id ? { ...poll, ...change } : poll));
}
