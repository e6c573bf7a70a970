/** What of boards stands on the stage: one of them with its head, or those of the whole class. */

import type { RoomView } from "../view.ts";
import { Board } from "./board.tsx";
import { BoardHead } from "./board-head.tsx";
import { ClassBoards } from "./class-boards.tsx";

export { SlideMenu } from "./board-menu.tsx";
export { SlideBoard, SlideTools } from "./slide-board.tsx";
export { Thumbnail } from "./thumbnail.tsx";

export function StageBoard({ view, board }: { readonly view: RoomView; readonly board: string }) {
  return (
    <section class="board" data-testid="board">
      <BoardHead view={view} board={board} />
      {board === "class" ? <ClassBoards view={view} /> : <Board key={board} view={view} board={board} />}
    </section>
  );
}
