/** The room as this page knows it: snapshot ∘ events, pure. */

import { EVERYONE_TOGETHER, changeBreakouts, leaveBreakouts, readBreakouts } from "./breakouts.ts";
import type { BreakoutsState } from "./breakouts.ts";
import { changeMessages, readMessages, said } from "./reduce-chat.ts";
import type { Messages } from "./reduce-chat.ts";
import { NO_HANDS, changeHands, leaveHands, readHands } from "./reduce-hands.ts";
import type { Hands } from "./reduce-hands.ts";
import { NO_SETTINGS } from "./locks.ts";
import { NO_BOARDS } from "./parse-boards.ts";
import type { BoardsSnapshot, EndReason, RoomEvent, RoomSettings, SharedFile, Sharing, SlidesSnapshot, StateObject, Timer } from "./messages.ts";
import { NO_SLIDES, changeFiles, changeSlides } from "./reduce-content.ts";
import { changeLead } from "./reduce-lead.ts";
import { changed, joined, left } from "./reduce-people.ts";
import type { People } from "./reduce-people.ts";
import { changePolls } from "./reduce-polls.ts";
import type { Polls } from "./reduce-polls.ts";
import { NOTHING_SHARED } from "./sharing.ts";
import { changeStatuses, readStatuses, withStatus } from "./reduce-signs.ts";
import type { Statuses } from "./reduce-signs.ts";

export interface RoomState {
  /** Of the newest object applied; -1 before the first snapshot. */
  readonly revision: number;
  readonly room: string;
  readonly title: string;
  readonly participants: People;
  readonly chat: Messages;
  /** Oldest first. */
  readonly polls: Polls;
  readonly hands: Hands;
  readonly statuses: Statuses;
  readonly settings: RoomSettings;
  /** When the room ends because its moderators are gone, in Unix ms; null while one is there. */
  readonly endsAt: number | null;
  readonly timer: Timer | null;
  readonly breakouts: BreakoutsState;
  readonly boards: BoardsSnapshot;
  readonly slides: SlidesSnapshot;
  /** Oldest first. */
  readonly files: readonly SharedFile[];
  readonly sharing: Sharing;
  /** Why the room was ended; null while it is open. */
  readonly ended: EndReason | null;
}

export const NO_ROOM: RoomState = {
  revision: -1,
  room: "",
  title: "",
  participants: new Map(),
  chat: [],
  polls: [],
  hands: NO_HANDS,
  statuses: new Map(),
  settings: NO_SETTINGS,
  endsAt: null,
  timer: null,
  breakouts: EVERYONE_TOGETHER,
  boards: NO_BOARDS,
  slides: NO_SLIDES,
  files: [],
  sharing: NOTHING_SHARED,
  ended: null,
};

/**
 * The state after `object`; the same value when nothing changed, so that signals stay quiet.
 *
 * Objects of a replaced group may arrive after its successor's snapshot: an older revision is ignored,
 * and an event of an equal one. A snapshot of an equal one counts: it may tell more or fewer names. Events before the first snapshot have nothing to stand on and are ignored too.
 */
export function reduce(state: RoomState, object: StateObject): RoomState {
  const isKnown = object.kind === "snapshot" ? object.revision < state.revision : object.revision <= state.revision;
  if (isKnown) {
    return state;
  }
  if (object.kind === "snapshot") {
    const { room, title, participants, chat, polls, hands, statuses, settings, endsAt, timer } = object.state;
    const { breakouts, boards, slides, files, sharing } = object.state;
    return {
      revision: object.revision,
      room,
      title,
      participants: new Map(participants.map((participant) => [participant.id, participant])),
      chat: readMessages(chat),
      polls,
      hands: readHands(hands),
      statuses: readStatuses(statuses),
      settings,
      endsAt,
      timer,
      breakouts: readBreakouts(breakouts),
      boards,
      slides,
      files,
      sharing,
      ended: state.ended,
    };
  }
  return state.revision < 0 ? state : { ...applyEvent(state, object.event), revision: object.revision };
}

function applyEvent(state: RoomState, event: RoomEvent): RoomState {
  const { participants, chat, hands, statuses } = state;
  switch (event.kind) {
    case "joined":
      return { ...state, participants: joined(participants, event.participant) };
    case "presence":
      return { ...state, participants: changed(participants, event.id, { present: event.present }) };
    case "sources":
      return { ...state, participants: changed(participants, event.id, { mic: event.mic, cam: event.cam }) };
    case "left":
      return {
        ...state,
        participants: left(participants, event.id),
        hands: leaveHands(hands, event.id),
        statuses: withStatus(statuses, event.id, null),
        breakouts: leaveBreakouts(state.breakouts, event.id),
      };
    case "caption":
      return state;
    case "said":
      return { ...state, chat: said(chat, event.message) };
    case "ended":
      return { ...state, ended: event.reason };
    case "chat":
      return event.change.kind === "typing" ? state : { ...state, chat: changeMessages(chat, event.change) };
    case "poll":
      return { ...state, polls: changePolls(state.polls, event.change) };
    case "hand":
      return { ...state, hands: changeHands(hands, event.change) };
    case "sign":
      return { ...state, statuses: changeStatuses(statuses, event.change) };
    case "lead":
      return { ...state, ...changeLead(state, event.change) };
    case "breakout":
      return { ...state, breakouts: changeBreakouts(state.breakouts, event.change) };
    case "slides":
      return { ...state, slides: changeSlides(state.slides, event.change) };
    case "file":
      return { ...state, files: changeFiles(state.files, event.change) };
    case "timer":
      return { ...state, timer: event.timer };
    case "sharing":
      return { ...state, sharing: event.sharing };
    case "boards":
      return { ...state, boards: event.boards };
  }
}
