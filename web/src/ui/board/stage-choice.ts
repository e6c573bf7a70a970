/** Which board stands on this person's stage. */

import { groupOf } from "../../room/breakouts.ts";
import type { Breakout } from "../../room/messages.ts";
import type { RoomView } from "../view.ts";

/** What this person chose to look at; a board's name stands for that board. */
export type BoardMode = "auto" | "shared" | "own" | "class" | `own/${string}`;

/** What of the room it follows from. */
export type BoardPlace = Pick<RoomView, "store" | "isModerator" | "boardMode">;

export const ownBoard = (of: string): `own/${string}` => `own/${of}`;

export const groupBoard = ({ id }: Pick<Breakout, "id">): string => `group/${id}`;

/** What is drawn over a page of slides. */
export const slideBoard = ({ deck, page }: { readonly deck: number; readonly page: number }): string => `slides/${deck}/${page}`;

/** A board's name, the class's boards side by side, or none. */
export function boardOnStage(view: BoardPlace): string | null {
  const { boards } = view.store.room.value;
  const mode = view.boardMode.value;
  const group = ownGroup(view);
  if (group !== undefined && mode === "auto" && boards.groups.includes(group.id)) {
    return groupBoard(group);
  }
  if (view.isModerator.value) {
    const looksAround = mode === "class" || mode.startsWith("own/");
    return looksAround && boards.own !== "none" ? mode : boards.shown;
  }
  const isOwn = mode === "own" || (mode === "auto" && boards.own === "open") || boards.shown === null;
  return isOwn && hasOwnBoard(view) ? ownBoard(view.store.me) : boards.shown;
}

/** The group that we are in or look into. */
export function ownGroup(view: Pick<RoomView, "store">): Breakout | undefined {
  return groupOf(view.store.room.value.breakouts, view.store.me);
}

/** Viewers have one while there are any. */
export function hasOwnBoard(view: BoardPlace): boolean {
  const { boards, participants } = view.store.room.value;
  return boards.own !== "none" && participants.get(view.store.me)?.role === "viewer";
}

/** Whether this person changes boards for everyone. */
export function leadsBoards(view: RoomView): boolean {
  const role = view.store.room.value.participants.get(view.store.me)?.role;
  return view.isModerator.value || role === "presenter";
}

/** Whether this person puts a board on a stage that others look at: in a group whoever may draw there. */
export function showsBoards(view: RoomView): boolean {
  return ownGroup(view) === undefined ? leadsBoards(view) : !view.locks.value.has("whiteboard");
}

/** Puts the board on everyone's stage or that of the group, or takes it away; the first page is made for it. */
export function toggleBoard(view: RoomView): void {
  if (!showsBoards(view)) {
    return;
  }
  const { shown, pages } = view.store.room.value.boards;
  const group = ownGroup(view);
  if (group !== undefined) {
    const isShown = boardOnStage(view) === groupBoard(group);
    view.boardMode.value = "auto";
    view.ask({ kind: "board", act: { kind: "showGroup", shown: !isShown } });
    return;
  }
  view.boardMode.value = "auto";
  if (boardOnStage(view) !== null) {
    if (shown !== null) view.ask({ kind: "board", act: { kind: "show", board: null } });
    return;
  }
  const last = pages.at(-1);
  view.ask({ kind: "board", act: last === undefined ? { kind: "addPage" } : { kind: "show", board: last.id } });
}

/** The locks hold for the boards of all; an own board is open or closed by itself. */
export function mayDrawOn(view: RoomView, board: string): boolean {
  if (board.startsWith("own/")) {
    const isOpen = view.store.room.value.boards.own === "open";
    return view.isModerator.value || (isOpen && board === ownBoard(view.store.me));
  }
  return !view.locks.value.has("whiteboard");
}
