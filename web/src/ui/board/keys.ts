/** What keys do while a board is on the stage: they choose tools, draw in the middle of what is seen, and move what is chosen. */

import { isWriting } from "../actions.ts";
import { pushesToTalk } from "../devices/settings.ts";
import type { RoomView } from "../view.ts";
import { tool } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { TOOLS } from "./tools.ts";
import type { ToolName } from "./tools.ts";

/** A step of what is chosen, in pixels of the screen; with Shift ten. */
const STEP_PX = 2;
const ZOOM = 1.25;
/** How large it becomes what a key draws, in pixels of the screen. */
const [DRAWN_WIDTH_PX, DRAWN_HEIGHT_PX] = [160, 100];
/** Tools that make something of two places. */
const DRAWS: ReadonlySet<ToolName> = new Set(["pen", "marker", "line", "arrow", "rectangle", "ellipse", "text"]);

const ARROWS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowUp", [0, -1]],
  ["ArrowDown", [0, 1]],
]);

export function listenToBoardKeys(view: RoomView, desk: Desk, mayDraw: () => boolean): () => void {
  const onDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || view.dialog.value !== null || isWriting(event.target)) return;
    if (event.key === " " && ((event.target === document.body && !pushesToTalk.peek()) || isOfBoard(event.target))) desk.setSpace(true);
    if ((event.ctrlKey || event.metaKey ? withControl(event, desk, mayDraw()) : alone(event, desk, mayDraw()))) event.preventDefault();
  };
  const onUp = (event: KeyboardEvent): void => {
    if (event.key === " ") desk.setSpace(false);
  };
  const stop = new AbortController();
  addEventListener("keydown", onDown, { signal: stop.signal, capture: true });
  addEventListener("keyup", onUp, { signal: stop.signal });
  return () => stop.abort();
}

const isOfBoard = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.classList.contains("board-paper");

/** True if the key was ours. */
function withControl({ key, shiftKey, altKey }: KeyboardEvent, desk: Desk, mayDraw: boolean): boolean {
  if (altKey || !mayDraw) return false;
  const { history } = desk.reader;
  switch (key.toLowerCase()) {
    case "z":
      if (shiftKey) history.redo(desk.hand.perform);
      else history.undo(desk.hand.perform);
      return true;
    case "y":
      history.redo(desk.hand.perform);
      return true;
    case "a":
      if (tool.peek() !== "select") return false;
      desk.hand.chooser.all();
      return true;
    default:
      return false;
  }
}

function alone({ key, shiftKey, altKey, target }: KeyboardEvent, desk: Desk, mayDraw: boolean): boolean {
  if (altKey) return false;
  const { surface, hand } = desk;
  if (key === "+" || key === "-") {
    surface.zoom(key === "+" ? ZOOM : 1 / ZOOM, surface.middle());
    return true;
  }
  if (!mayDraw) return false;
  const wanted = TOOLS.find((each) => each.key === key);
  if (wanted !== undefined) {
    tool.value = wanted.name;
    return true;
  }
  if (key === "Enter" && isOfBoard(target) && DRAWS.has(tool.peek())) {
    drawInMiddle(desk);
    return true;
  }
  const isChosen = hand.chooser.chosen.size > 0;
  const arrow = ARROWS.get(key);
  if (arrow !== undefined && isChosen && (target === document.body || isOfBoard(target))) {
    const step = (STEP_PX * (shiftKey ? 10 : 1)) / surface.view().scale;
    hand.chooser.nudge(arrow[0] * step, arrow[1] * step);
    return true;
  }
  if (isChosen && (key === "Delete" || key === "Backspace")) {
    hand.chooser.remove();
    return true;
  }
  if (isChosen && key === "Escape") {
    hand.chooser.none();
    return true;
  }
  return false;
}

/** As with a pointer from one corner to the other; arrows move it then. A text begins where it would be pressed. */
function drawInMiddle({ surface, hand }: Desk): void {
  const { x, y } = surface.middle();
  const corner = (side: 1 | -1) => ({ ...surface.onPage({ x: x + (side * DRAWN_WIDTH_PX) / 2, y: y + (side * DRAWN_HEIGHT_PX) / 2 }), pressure: undefined, isExact: false });
  hand.start(corner(-1));
  hand.move([corner(1)]);
  hand.end();
  if (tool.peek() !== "text") hand.chooser.newest();
}
