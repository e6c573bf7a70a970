/** What only this person may know, as the inbox tells it: snapshot ∘ objects, pure. */

import type { Attendee, ChatMessage, ConsentOf, InboxObject, LogEntry, OwnVote, PollCount } from "./messages.ts";
import { changeMessages, said } from "./reduce-chat.ts";

export interface InboxState {
  /** Private messages that this person wrote or got. */
  readonly messages: readonly ChatMessage[];
  /** How this person has voted, by poll. */
  readonly votes: ReadonlyMap<number, OwnVote>;
  /** What moderators see of polls. */
  readonly counts: ReadonlyMap<number, PollCount>;
  /** Who was there until when, as a moderator was told last. */
  readonly attendance: { readonly at: number; readonly people: readonly Attendee[] } | null;
  /** What this person has stated, and for moderators what everyone has. */
  readonly consents: ReadonlyMap<string, ConsentOf["consent"]>;
  /** By this whoever led the room gets its receipt when it is over. */
  readonly receipt: string | null;
  /** What moderators did, as a moderator was told last. */
  readonly log: readonly LogEntry[] | null;
}

export const NO_INBOX: InboxState = { messages: [], votes: new Map(), counts: new Map(), attendance: null, consents: new Map(), receipt: null, log: null };

/** The state after `object`; the same value when nothing changed. */
export function reduceInbox(state: InboxState, object: InboxObject): InboxState {
  switch (object.kind) {
    case "snapshot": {
      const votes = new Map(object.votes.map((vote) => [vote.id, vote]));
      const counts = new Map(object.counts.map((count) => [count.id, count]));
      const consents = new Map(object.consents.map(({ id, consent }) => [id, consent]));
      return { ...state, messages: object.messages, votes, counts, consents };
    }
    case "said":
      return { ...state, messages: said(state.messages, object.message) };
    case "chat":
      return object.change.kind === "typing" ? state : { ...state, messages: changeMessages(state.messages, object.change) };
    case "voted":
      return { ...state, votes: new Map(state.votes).set(object.vote.id, object.vote) };
    case "counted":
      return { ...state, counts: new Map(state.counts).set(object.count.id, object.count) };
    case "consent":
      return { ...state, consents: new Map(state.consents).set(object.of.id, object.of.consent) };
    case "attendance":
      return { ...state, attendance: { at: object.at, people: object.people } };
    case "log":
      return { ...state, log: object.entries };
    case "closed":
      return { ...state, receipt: object.receipt };
    case "acknowledged":
    case "refused":
    case "door":
      return state;
  }
}
