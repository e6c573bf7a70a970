/**
 * A board that one sees and draws on: a page, or what is drawn over a slide.
 *
 * For browser tests: `board-paper` with `data-board`, `data-shapes` (how many there are), `data-seen` (how many
 * are to be seen, of which some may be sketches), and on its lower canvas `data-busy` and `data-painted` (how many
 * there were when the oldest of what is painted was begun).
 */

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { decodeShape } from "../../room/boards/shape.ts";
import type { RoomView } from "../view.ts";
import { pageOf } from "./camera.ts";
import { openDesk, tool } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { listenToBoardKeys } from "./keys.ts";
import { RATIO } from "./sheet.ts";
import { mayDrawOn } from "./stage-choice.ts";
import { TextEditor } from "./text-editor.tsx";
import { ToolStrip } from "./tool-strip.tsx";

export interface BoardProps {
  readonly view: RoomView;
  /** Its name: `page/1`, `slides/1/12`, `own/…`, `group/3`. */
  readonly board: string;
  /** How wide the page is for its height. */
  readonly ratio?: number;
  /** It lies over something that moves and enlarges itself, and is drawn on only when that is chosen; its tools are elsewhere. */
  readonly over?: { readonly isDrawing: boolean; readonly onDesk: (desk: Desk | null) => void };
}

export function Board({ view, board, ratio = RATIO, over }: BoardProps) {
  const paper = useRef<HTMLDivElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const moving = useRef<HTMLCanvasElement>(null);
  const desk = useSignal<Desk | null>(null);
  const isOver = over !== undefined;
  const onDesk = over?.onDesk;
  const mayDraw = mayDrawOn(view, board) && over?.isDrawing !== false;
  useLayoutEffect(() => {
    if (paper.current === null || still.current === null || moving.current === null) return undefined;
    const opened = openDesk({ view, board, ratio, isFixed: isOver, element: paper.current, still: still.current, moving: moving.current });
    desk.value = opened;
    onDesk?.(opened);
    return () => {
      desk.value = null;
      onDesk?.(null);
      opened.close();
    };
  }, [view, board, ratio, isOver, onDesk, desk]);
  useEffect(
    () => (desk.value === null || (isOver && !mayDraw) ? undefined : listenToBoardKeys(view, desk.value, () => mayDrawOn(view, board))),
    [view, board, isOver && mayDraw, desk.value],
  );
  const opened = desk.value;
  const isKnown = opened !== null && opened.reader.count.value !== null;
  return (
    <div class="board-desk" data-over={isOver} data-drawing={isKnown && mayDraw}>
      <div
        ref={paper}
        class="board-paper"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- keys move what is chosen on it
        tabIndex={isOver && !mayDraw ? -1 : 0}
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it is drawn, and no file
        role="img"
        aria-label={text.value.board.describe(opened?.reader.count.value ?? 0)}
        data-testid="board-paper"
        data-board={board}
        data-shapes={opened?.reader.count.value ?? ""}
        data-seen={opened?.reader.seen.value ?? ""}
        data-tool={mayDraw ? tool.value : "look"}
      >
        {opened === null ? null : <Page desk={opened} ratio={ratio} />}
        <canvas ref={still} class="board-layer" />
        <canvas ref={moving} class="board-layer board-top" />
        {opened === null || opened.text.value === null ? null : <TextEditor key={`${opened.text.value.x},${opened.text.value.y}`} desk={opened} field={opened.text.value} />}
        {opened !== null && !isKnown && !isOver ? <p class="board-note" data-beside={opened.reader.seen.value > 0}>{text.value.board.loading}</p> : null}
      </div>
      {opened === null ? null : <Words desk={opened} />}
      {opened !== null && mayDraw && !isOver ? <ToolStrip desk={opened} /> : null}
    </div>
  );
}

/** The sheet below the canvases. */
function Page({ desk, ratio }: { readonly desk: Desk; readonly ratio: number }) {
  const { scale, x, y } = desk.view.value;
  const { width, height } = pageOf(ratio);
  return <div class="board-sheet" style={{ inlineSize: `${width * scale}px`, blockSize: `${height * scale}px`, transform: `translate(${x}px, ${y}px)` }} />;
}

/** What is written on the board, for those who do not see it. */
function Words({ desk }: { readonly desk: Desk }) {
  const { count, written: changes } = desk.reader;
  const isWritten = count.value !== null && changes.value > 0;
  const texts = isWritten ? [...desk.reader.model.shown].filter(([, written]) => written.startsWith("t")) : [];
  return texts.length === 0 ? null : (
    <ul class="hidden" aria-label={text.value.board.words}>
      {texts.map(([id, written]) => (
        <li key={id}>{decodeShape(written)?.words}</li>
      ))}
    </ul>
  );
}
