/** Choosing shapes, moving and removing what is chosen. */

import type { BoardOp } from "../../room/messages.ts";
import { clamp, decodeShape } from "../../room/boards/shape.ts";
import { boxAround, holds, touches } from "./geometry.ts";
import type { Box, Place } from "./geometry.ts";
import type { Hand, HandParts, Touch } from "./hand.ts";

const REACH_PX = 7;

export interface Chooser {
  readonly chosen: ReadonlySet<string>;
  /** What is being chosen. */
  frame(): Box | null;
  boxes(): readonly Box[];
  begin(touch: Touch): { move(all: readonly Touch[]): void; end(): void; cancel(): void };
  all(): void;
  /** What was drawn last. */
  newest(): void;
  none(): void;
  nudge(dx: number, dy: number): void;
  remove(): void;
}

type ChooserParts = HandParts & Pick<Hand, "perform">;

export function createChooser(parts: ChooserParts): Chooser {
  const { me, model, scene, history, leads, unit, onChosen, perform } = parts;
  const chosen = new Set<string>();
  let frame: Box | null = null;
  const isOurs = (id: string): boolean => leads() || id.startsWith(`${me}.`);
  const at = (place: Place): string | undefined => {
    const hit = ([id, written]: readonly [string, string]) => isOurs(id) && touches(written, place, REACH_PX * unit());
    return [...model.shown].findLast(hit)?.[0];
  };
  const choose = (ids: Iterable<string>): void => {
    chosen.clear();
    for (const id of ids) chosen.add(id);
    onChosen();
  };
  const frameFrom = (from: Touch) => ({
    move(all: readonly Touch[]) {
      const to = all.at(-1);
      if (to === undefined) return;
      frame = boxAround([[from.x, from.y], [to.x, to.y]]);
      onChosen();
    },
    end() {
      const around = frame;
      frame = null;
      const isIn = (id: string): boolean => {
        const box = scene.get(id)?.box;
        return around !== null && box !== undefined && isOurs(id) && holds(around, box);
      };
      choose([...model.shown.keys()].filter(isIn));
    },
    cancel() {
      frame = null;
      onChosen();
    },
  });
  return {
    chosen,
    frame: () => frame,
    boxes: () => [...chosen].map((id) => scene.get(id)?.box).filter((box) => box !== undefined),
    begin(touch) {
      const id = at(touch);
      if (id === undefined) {
        choose([]);
        return frameFrom(touch);
      }
      if (!chosen.has(id)) choose(touch.isExact ? [...chosen, id] : [id]);
      return drag(parts, placesOf(chosen, model.shown), touch);
    },
    all: () => choose([...model.shown.keys()].filter(isOurs)),
    newest: () => choose([...model.shown.keys()].filter(isOurs).slice(-1)),
    none: () => choose([]),
    nudge(dx, dy) {
      history.note(perform(placed(placesOf(chosen, model.shown), dx, dy)));
      onChosen();
    },
    remove() {
      history.note(perform([...chosen].filter((id) => model.shown.has(id)).map((id) => ({ kind: "remove", id }))));
      choose([]);
    },
  };
}

type Places = ReadonlyMap<string, Place>;

/** Where the first points of shapes are. */
function placesOf(chosen: ReadonlySet<string>, shown: ReadonlyMap<string, string>): Places {
  const places = new Map<string, Place>();
  for (const id of chosen) {
    const [first] = decodeShape(shown.get(id) ?? "")?.points ?? [];
    if (first !== undefined) places.set(id, { x: first[0], y: first[1] });
  }
  return places;
}

const placed = (places: Places, dx: number, dy: number): BoardOp[] =>
  [...places].map(([id, { x, y }]) => ({ kind: "place", id, x: clamp(x + dx), y: clamp(y + dy) }));

function drag({ history, perform, onChosen }: ChooserParts, places: Places, from: Touch) {
  const back = placed(places, 0, 0);
  let isMoved = false;
  return {
    move(all: readonly Touch[]) {
      const to = all.at(-1);
      if (to === undefined) return;
      isMoved = true;
      perform(placed(places, to.x - from.x, to.y - from.y));
      onChosen();
    },
    end: () => (isMoved ? history.note(back) : undefined),
    cancel: () => void perform(back),
  };
}
