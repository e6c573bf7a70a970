/**
 * What can be done with a board beside drawing: save it, clear it, who may write, a board for everyone.
 *
 * For browser tests: `board-menu`, `board-png`, `board-pdf`, `board-clear`, `board-remove`, `board-lock`, `board-own-open`;
 * `slide-menu`, `slide-png`, `slide-pdf`.
 */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import type { BoardAct, Deck } from "../../room/messages.ts";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import { stayOpenInside } from "../popover.ts";
import type { RoomView } from "../view.ts";
import { savePdf, savePng } from "./export.ts";
import { leadsBoards, slideBoard } from "./stage-choice.ts";

interface MenuProps {
  readonly view: RoomView;
  readonly board: string;
  readonly onClose: () => void;
}

export function BoardMenu({ view, board, onClose }: MenuProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => stayOpenInside(element.current, onClose), [onClose]);
  const words = text.value.board;
  const { boards } = view.store.room.value;
  const isPage = board.startsWith("page/");
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset groups the fields of a form
    <div ref={element} id="board-menu" class="board-menu" role="group" aria-label={words.more} data-testid="board-menu">
      {board === "class" ? null : <Item icon="save" label={words.png} onClick={() => void savePng(view, board).then(onClose)} testId="board-png" />}
      {boards.pages.length === 0 ? null : <Item icon="save" label={words.pdf(boards.pages.length)} onClick={() => void savePdf(view, boards.pages.map(({ id }) => id)).then(onClose)} testId="board-pdf" />}
      {view.isModerator.value ? <Leading view={view} onClose={onClose} /> : null}
      {leadsBoards(view) && (isPage || view.isModerator.value) && board !== "class" ? <Clearing view={view} board={board} onClose={onClose} /> : null}
    </div>
  );
}

/** What can be done with a page of slides: saved as one sees it, with what is drawn over it. */
export function SlideMenu({ view, board, of, onClose }: MenuProps & { readonly of: Deck }) {
  const element = useRef<HTMLDivElement>(null);
  const isBusy = useSignal(false);
  useEffect(() => stayOpenInside(element.current, onClose), [onClose]);
  const words = text.value.board;
  const saving = (save: () => Promise<void>) => {
    if (isBusy.peek()) return;
    isBusy.value = true;
    void save().then(onClose);
  };
  const all = of.pages.map((_, page) => slideBoard({ deck: of.id, page }));
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset groups the fields of a form
    <div ref={element} id="slide-menu" class="board-menu slide-menu" role="group" aria-label={text.value.content.save} aria-busy={isBusy.value} data-testid="slide-menu">
      <Item icon="save" label={words.png} onClick={() => saving(() => savePng(view, board))} testId="slide-png" />
      <Item icon="save" label={words.pdf(all.length)} onClick={() => saving(() => savePdf(view, all))} testId="slide-pdf" />
      {isBusy.value ? <p class="board-menu-note">{words.saving}</p> : null}
    </div>
  );
}

function Leading({ view, onClose }: Omit<MenuProps, "board">) {
  const words = text.value.board;
  const { settings, boards } = view.store.room.value;
  const isLocked = settings.locks.includes("whiteboard");
  const isOpen = boards.own === "open";
  return (
    <>
      <Item
        icon={isLocked ? "edit" : "lock"}
        label={isLocked ? words.allowAll : words.lockAll}
        onClick={() => {
          view.ask({ kind: "lead", act: { kind: "setLock", lock: "whiteboard", locked: !isLocked } });
          onClose();
        }}
        testId="board-lock"
      />
      <Item
        icon="people"
        label={isOpen ? words.closeOwn : words.openOwn}
        onClick={() => {
          view.ask({ kind: "board", act: { kind: "setOwn", open: !isOpen } });
          if (!isOpen) view.boardMode.value = "class";
          onClose();
        }}
        testId="board-own-open"
      />
    </>
  );
}

/** What cannot be undone is asked for twice. */
function Clearing({ view, board, onClose }: MenuProps) {
  const words = text.value.board;
  const asked = useSignal<string | null>(null);
  const act = (name: string, command: BoardAct) => {
    if (asked.value !== name) {
      asked.value = name;
      return;
    }
    view.ask({ kind: "board", act: command });
    onClose();
  };
  return (
    <>
      <Item icon="trash" label={asked.value === "clear" ? words.really : words.clear} isDanger onClick={() => act("clear", { kind: "clear", board })} testId="board-clear" />
      {board.startsWith("page/") ? (
        <Item icon="close" label={asked.value === "remove" ? words.really : words.remove} isDanger onClick={() => act("remove", { kind: "removePage", page: board })} testId="board-remove" />
      ) : null}
    </>
  );
}

interface ItemProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly testId: string;
  readonly isDanger?: boolean;
}

function Item({ icon, label, onClick, testId, isDanger = false }: ItemProps) {
  return (
    <button type="button" class="person-act" data-danger={isDanger} onClick={onClick} data-testid={testId}>
      <Icon name={icon} />
      {label}
    </button>
  );
}
