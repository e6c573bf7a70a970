/** What only this person may know, as the inbox tells it: snapshot ∘ objects, pure. */

import type { AsideWish, Attendee, ChatMessage, ConsentOf, EarlierLesson, InboxObject, LineOf, LineQuality, LogEntry, OwnVote, PollCount, UploadOver, UploadPlace } from "./messages.ts";
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
  /** The same of lessons before this one, as far as it is kept. */
  readonly earlier: readonly EarlierLesson[];
  /** What this person has stated, and for moderators what everyone has. */
  readonly consents: ReadonlyMap<string, ConsentOf["consent"]>;
  /** By this whoever led the room gets its receipt when it is over. */
  readonly receipt: string | null;
  /** What moderators did, as a moderator was told last. */
  readonly log: readonly LogEntry[] | null;
  /** How our line is, once the relay has looked. */
  readonly line: LineQuality | null;
  /** How everyone's is, as a moderator is told. */
  readonly lines: ReadonlyMap<string, LineQuality>;
  /** What the room has of our uploads that go on. */
  readonly uploads: ReadonlyMap<number, UploadPlace>;
  /** The uploads that ended since we are here. */
  readonly uploadsOver: readonly UploadOver[];
  /** Whether we would like to talk aside, and for moderators who would; who waits longest first. */
  readonly asides: readonly AsideWish[];
}

export const NO_INBOX: InboxState = {
  messages: [],
  votes: new Map(),
  counts: new Map(),
  attendance: null,
  earlier: [],
  consents: new Map(),
  receipt: null,
  log: null,
  line: null,
  lines: new Map(),
  uploads: new Map(),
  uploadsOver: [],
  asides: [],
};

/** The state after `object`; the same value when nothing changed. */
export function reduceInbox(state: InboxState, object: InboxObject): InboxState {
  switch (object.kind) {
    case "snapshot": {
      const votes = new Map(object.votes.map((vote) => [vote.id, vote]));
      const counts = new Map(object.counts.map((count) => [count.id, count]));
      const consents = new Map(object.consents.map(({ id, consent }) => [id, consent]));
      const uploads = new Map(object.uploads.map(({ key, next }) => [key, next]));
      const { messages, line, asides } = object;
      return { ...state, messages, votes, counts, consents, uploads, line, asides, lines: withLines(new Map(), object.lines) };
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
    case "uploaded":
      return { ...state, uploads: new Map(state.uploads).set(object.upload.key, object.upload.next) };
    case "uploadOver":
      return {
        ...state,
        uploads: new Map([...state.uploads].filter(([key]) => key !== object.upload.key)),
        uploadsOver: [...state.uploadsOver, object.upload],
      };
    case "attendance":
      return { ...state, attendance: { at: object.at, people: object.people } };
    case "earlier":
      return { ...state, earlier: object.lessons };
    case "log":
      return { ...state, log: object.entries };
    case "closed":
      return { ...state, receipt: object.receipt };
    case "aside": {
      const { change } = object;
      const id = change.kind === "gone" ? change.id : change.wish.id;
      const others = state.asides.filter((wish) => wish.id !== id);
      return { ...state, asides: change.kind === "gone" ? others : [...others, change.wish] };
    }
    case "line":
      return { ...state, line: object.line };
    case "lines":
      return { ...state, lines: withLines(state.lines, object.lines) };
    case "acknowledged":
    case "refused":
    case "door":
      return state;
  }
}

function withLines(lines: InboxState["lines"], changed: readonly LineOf[]): InboxState["lines"] {
  return new Map([...lines, ...changed.map(({ id, line }) => [id, line] as const)]);
}
