/** The room as this page knows it: snapshot ∘ events, pure. */

import type { ChatMessage, EndReason, Participant, RoomEvent, StateObject } from "./messages.ts";

/** Messages kept, as many as a snapshot brings; the oldest go first. */
export const CHAT_MAX = 2_000;

export interface RoomState {
  /** Of the newest object applied; -1 before the first snapshot. */
  readonly revision: number;
  readonly room: string;
  readonly title: string;
  readonly participants: ReadonlyMap<string, Participant>;
  readonly chat: readonly ChatMessage[];
  /** Why the room was ended; null while it is open. */
  readonly ended: EndReason | null;
}

export const NO_ROOM: RoomState = {
  revision: -1,
  room: "",
  title: "",
  participants: new Map(),
  chat: [],
  ended: null,
};

/**
 * The state after `object`; the same value when nothing changed, so that signals stay quiet.
 *
 * Objects of a replaced group may arrive after its successor's snapshot: an older or equal revision
 * is ignored. Events before the first snapshot have nothing to stand on and are ignored too.
 */
export function reduce(state: RoomState, object: StateObject): RoomState {
  if (object.revision <= state.revision) {
    return state;
  }
  if (object.kind === "snapshot") {
    const { room, title, participants, chat } = object.state;
    return {
      revision: object.revision,
      room,
      title,
      participants: new Map(participants.map((participant) => [participant.id, participant])),
      chat: chat.slice(-CHAT_MAX),
      ended: state.ended,
    };
  }
  return state.revision < 0 ? state : { ...applyEvent(state, object.event), revision: object.revision };
}

function applyEvent(state: RoomState, event: RoomEvent): RoomState {
  switch (event.kind) {
    case "joined":
      return withParticipant(state, event.participant);
    case "presence":
      return changeParticipant(state, event.id, { present: event.present });
    case "sources":
      return changeParticipant(state, event.id, { mic: event.mic, cam: event.cam });
    case "left": {
      const participants = new Map(state.participants);
      participants.delete(event.id);
      return { ...state, participants };
    }
    case "said":
      return { ...state, chat: [...state.chat, event.message].slice(-CHAT_MAX) };
    case "ended":
      return { ...state, ended: event.reason };
  }
}

function changeParticipant(state: RoomState, id: string, change: Partial<Participant>): RoomState {
  const participant = state.participants.get(id);
  return participant === undefined ? state : withParticipant(state, { ...participant, ...change });
}

function withParticipant(state: RoomState, participant: Participant): RoomState {
  return { ...state, participants: new Map(state.participants).set(participant.id, participant) };
}

/** Moderators first, then by name as `language` sorts it, then by time of joining. */
export function roster(state: RoomState, language: string): readonly Participant[] {
  const byName = new Intl.Collator(language, { numeric: true });
  return [...state.participants.values()].toSorted(
    (a, b) => rank(a) - rank(b) || byName.compare(a.name, b.name) || a.joinedAt - b.joinedAt,
  );
}

function rank(participant: Participant): number {
  return participant.role === "moderator" ? 0 : 1;
}
