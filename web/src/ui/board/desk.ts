/** A board to work on: what one sees, what the tools do, and the text that is being written. */

import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { RoomView } from "../view.ts";
import { pageOf } from "./camera.ts";
import type { View } from "./bitmaps.ts";
import type { Place } from "./geometry.ts";
import { listenToGestures } from "./gestures.ts";
import { createHand } from "./hand.ts";
import type { Hand, Settings } from "./hand.ts";
import { readBoard } from "./reader.ts";
import type { BoardReader } from "./reader.ts";
import { leadsBoards, mayDrawOn } from "./stage-choice.ts";
import { createSurface } from "./surface.ts";
import type { Surface } from "./surface.ts";
import type { ToolName } from "./tools.ts";

/** What this person draws with, on whichever board. */
export const tool = signal<ToolName>("pen");
export const colour = signal(0);
export const width = signal(1);

/** A text that is being written. */
export interface TextField extends Place {
  readonly id: string | null;
}

export interface Desk {
  readonly reader: BoardReader;
  readonly hand: Hand;
  readonly surface: Surface;
  readonly text: ReadonlySignal<TextField | null>;
  /** How the page lies, for what stands over it. */
  readonly view: ReadonlySignal<View>;
  closeText(): void;
  setSpace(isDown: boolean): void;
  close(): void;
}

export interface DeskParts {
  readonly view: RoomView;
  readonly board: string;
  /** Width of the page for its height. */
  readonly ratio: number;
  /** The whole page is what is seen of it, always. */
  readonly isFixed: boolean;
  readonly element: HTMLElement;
  readonly still: HTMLCanvasElement;
  readonly moving: HTMLCanvasElement;
}

const settings = (): Settings => ({ tool: tool.peek(), colour: colour.peek(), width: width.peek() });

export function openDesk({ view: room, board, ratio, isFixed, element, still, moving }: DeskParts): Desk {
  const { reader, close: closeReader } = readBoard(room, board);
  const field = signal<TextField | null>(null);
  const view = signal<View>({ scale: 1, x: 0, y: 0 });
  let isSpaceDown = false;

  const surface = createSurface({
    still,
    moving,
    shown: reader.model.shown,
    page: pageOf(ratio),
    isFixed,
    overlay: () => ({ chosen: hand.chooser.boxes(), frame: hand.chooser.frame() }),
    pointers: () => reader.pointers.values(),
    onView: (next) => (view.value = next),
  });
  const hand = createHand({
    me: room.store.me,
    model: reader.model,
    sender: reader.sender,
    history: reader.history,
    scene: surface.scene,
    leads: () => leadsBoards(room) || board === `own/${room.store.me}`,
    settings,
    unit: () => 1 / surface.view().scale,
    openText: (at, id) => (field.value = { ...at, id }),
    onChosen: surface.touch,
  });
  const forget = reader.listen((id) => (id === undefined ? surface.touch() : surface.change(id)));
  surface.change(null);
  const observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) surface.resize(entry.contentRect, devicePixelRatio);
  });
  observer.observe(element);
  const stop = listenToGestures(moving, {
    surface,
    hand,
    isFixed,
    mayDraw: () => mayDrawOn(room, board),
    isPointing: () => tool.peek() === "laser",
    isSpaceDown: () => isSpaceDown,
  });
  return {
    reader,
    hand,
    surface,
    text: field,
    view,
    closeText: () => (field.value = null),
    setSpace: (isDown) => (isSpaceDown = isDown),
    close() {
      stop();
      observer.disconnect();
      hand.end();
      forget();
      surface.close();
      closeReader();
    },
  };
}
