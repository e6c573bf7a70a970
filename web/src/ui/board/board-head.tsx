/**
 * Over a board: which it is, the way to others, and what can be done with it.
 *
 * For browser tests: `board-page` (its text), `board-before`, `board-next`, `board-add`, `board-class`, `board-shared`,
 * `board-own`, `board-more`.
 */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { text } from "../../i18n/language.ts";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import { shownName } from "../lead/names.ts";
import type { RoomView } from "../view.ts";
import { BoardMenu } from "./board-menu.tsx";
import { titleById, titleOf as groupTitle } from "../breakouts/titles.ts";
import { hasOwnBoard, leadsBoards, mayDrawOn } from "./stage-choice.ts";
import type { BoardMode } from "./stage-choice.ts";

interface HeadProps {
  readonly view: RoomView;
  readonly board: string;
}

export function BoardHead({ view, board }: HeadProps) {
  const isMenuOpen = useSignal(false);
  const words = text.value.board;
  return (
    <header class="board-head">
      <Sides view={view} board={board} />
      <p class="board-title" data-testid="board-page" aria-live="polite">
        {titleOf(view, board)}
        {board === "class" || mayDrawOn(view, board) ? null : <span class="board-locked">{words.onlyLook}</span>}
      </p>
      {board.startsWith("page/") && leadsBoards(view) ? <Pages view={view} board={board} /> : null}
      {board.startsWith("own/") && view.isModerator.value ? <ShowToAll view={view} of={board.slice(4)} /> : null}
      <HeadButton icon="more" label={words.more} onClick={() => (isMenuOpen.value = !isMenuOpen.value)} testId="board-more" controls="board-menu" isOpen={isMenuOpen.value} />
      {isMenuOpen.value ? <BoardMenu view={view} board={board} onClose={() => (isMenuOpen.value = false)} /> : null}
    </header>
  );
}

function titleOf(view: RoomView, board: string): string {
  const words = text.value.board;
  const isNamedBeside = view.store.room.value.boards.own !== "none";
  const { pages } = view.store.room.value.boards;
  const place = pages.findIndex(({ id }) => id === board);
  const page = pages[place];
  if (page !== undefined) {
    const title = words.page(place + 1, pages.length);
    if (page.group !== null) return `${title} · ${groupTitle({ name: page.from, number: page.group })}`;
    return page.from === null ? title : `${title} · ${words.from(page.from)}`;
  }
  if (board.startsWith("group/")) return words.of(titleById(view, Number(board.slice(6))));
  // The sides beside it say that already.
  if (board === "class") return isNamedBeside ? "" : words.classBoards;
  const of = board.startsWith("own/") ? board.slice(4) : "";
  if (of === view.store.me) return isNamedBeside ? "" : words.mine;
  return of === "" ? words.title : words.of(shownName(view, of, view.store.room.value.participants.get(of)?.name ?? ""));
}

/** Where there is more than one thing to look at. */
function Sides({ view, board }: HeadProps) {
  const words = text.value.board;
  const { own } = view.store.room.value.boards;
  const isModerator = view.isModerator.value;
  if (own === "none" || !(isModerator || hasOwnBoard(view))) {
    return null;
  }
  const side = isModerator ? "class" : "own";
  const isShared = board !== "class" && !board.startsWith("own/");
  const choose = (mode: BoardMode) => (view.boardMode.value = mode);
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset groups the fields of a form
    <div class="segments board-sides" role="group" aria-label={words.which}>
      <button type="button" class="segment" aria-pressed={isShared} onClick={() => choose("shared")} data-testid="board-shared">
        {words.shared}
      </button>
      <button type="button" class="segment" aria-pressed={!isShared} onClick={() => choose(side)} data-testid={`board-${side}`}>
        {isModerator ? words.classBoards : words.mine}
      </button>
    </div>
  );
}

function Pages({ view, board }: HeadProps) {
  const words = text.value.board;
  const { pages } = view.store.room.value.boards;
  const place = pages.findIndex(({ id }) => id === board);
  const show = (to: number) => {
    const page = pages[to];
    if (page !== undefined) view.ask({ kind: "board", act: { kind: "show", board: page.id } });
  };
  return (
    <>
      <HeadButton icon="before" label={words.before} isDisabled={place <= 0} onClick={() => show(place - 1)} testId="board-before" />
      <HeadButton icon="next" label={words.next} isDisabled={place < 0 || place >= pages.length - 1} onClick={() => show(place + 1)} testId="board-next" />
      <HeadButton icon="add" label={words.add} onClick={() => view.ask({ kind: "board", act: { kind: "addPage" } })} testId="board-add" />
    </>
  );
}

/** A student's board, for everyone to see: with the name or without. */
function ShowToAll({ view, of }: { readonly view: RoomView; readonly of: string }) {
  const words = text.value.board;
  const show = (named: boolean) => {
    view.ask({ kind: "board", act: { kind: "showOwn", of, named } });
    view.boardMode.value = "shared";
  };
  return (
    <>
      <button type="button" class="button button-small board-show" onClick={() => show(false)} data-testid="board-show-nameless">
        {words.showNameless}
      </button>
      <button type="button" class="button button-small board-show" onClick={() => show(true)} data-testid="board-show-named">
        {words.showNamed}
      </button>
    </>
  );
}

interface HeadButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly testId: string;
  readonly isDisabled?: boolean;
  readonly controls?: string;
  readonly isOpen?: boolean;
  readonly children?: ComponentChildren;
}

function HeadButton({ icon, label, onClick, testId, isDisabled = false, controls, isOpen }: HeadButtonProps) {
  return (
    <button
      type="button"
      class="board-button"
      aria-label={label}
      title={label}
      aria-disabled={isDisabled}
      {...(controls === undefined ? {} : { "aria-controls": controls, "aria-expanded": isOpen ?? false })}
      onClick={() => {
        if (!isDisabled) onClick();
      }}
      data-testid={testId}
    >
      <Icon name={icon} />
    </button>
  );
}

