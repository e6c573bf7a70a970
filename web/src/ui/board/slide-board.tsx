/**
 * What is drawn over a slide, and its tools, which stand beside the slide.
 *
 * For browser tests: `slide-tools`, and what a board has.
 */

import { signal } from "@preact/signals";
import type { RoomView } from "../view.ts";
import { Board } from "./board.tsx";
import type { Desk } from "./desk.ts";
import { ToolStrip } from "./tool-strip.tsx";

export interface SlideBoardProps {
  readonly view: RoomView;
  readonly board: string;
  readonly ratio: number;
}

/** That of the slide on the stage. */
const desk = signal<Desk | null>(null);
const take = (next: Desk | null): void => void (desk.value = next);

export function SlideBoard({ view, board, ratio }: SlideBoardProps) {
  return <Board key={board} view={view} board={board} ratio={ratio} over={{ isDrawing: view.content.isDrawing.value, onDesk: take }} />;
}

/** Nothing before the room has opened the board. */
export function SlideTools() {
  const opened = desk.value;
  return opened === null || opened.reader.count.value === null ? null : (
    <div class="slide-tools" data-testid="slide-tools">
      <ToolStrip desk={opened} />
    </div>
  );
}
