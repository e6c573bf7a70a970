/** What each tool does with a pointer on the page. */

import type { BoardOp } from "../../room/messages.ts";
import type { BoardModel } from "../../room/boards/model.ts";
import type { Sender } from "../../room/boards/sender.ts";
import { POINTS_MAX, clamp, decodeShape, encodePoints, encodeShape } from "../../room/boards/shape.ts";
import type { Point, Shape, ShapeKind } from "../../room/boards/shape.ts";
import { gridOf, simplified, snapped } from "../../room/boards/simplify.ts";
import { inverseOf } from "../../room/boards/undo.ts";
import type { History } from "../../room/boards/undo.ts";
import { createChooser } from "./chooser.ts";
import type { Chooser } from "./chooser.ts";
import { touches } from "./geometry.ts";
import type { Place } from "./geometry.ts";
import type { Scene } from "./scene.ts";
import type { ToolName } from "./tools.ts";

/** Points of a stroke are so many pixels of the screen apart: nearer ones nobody sees. */
const STEP_PX = 2.6;
/** An eraser is as large as a finger's tip. */
const ERASER_PX = 9;
/** Smaller than this is a slip. */
const LEAST_PX = 4;
const PRESSURE_MAX = 31;

export interface Touch extends Place {
  /** Of a pen that tells it, 0 to 1. */
  readonly pressure: number | undefined;
  /** Straight lines, squares and circles; and one more is chosen. */
  readonly isExact: boolean;
}

export interface Settings {
  readonly tool: ToolName;
  readonly colour: number;
  readonly width: number;
}

export interface Hand {
  readonly chooser: Chooser;
  start(touch: Touch): void;
  /** All places since the last call. */
  move(touches: readonly Touch[]): void;
  end(): void;
  /** As if it had not begun. */
  cancel(): void;
  /** Does it and gives what undoes it. */
  perform(ops: readonly BoardOp[]): readonly BoardOp[];
  newId(): string;
}

export interface HandParts {
  readonly me: string;
  readonly model: BoardModel;
  readonly sender: Sender;
  readonly history: History;
  readonly scene: Scene;
  /** Changes what others drew too. */
  leads(): boolean;
  settings(): Settings;
  /** Units of the page for one pixel of the screen. */
  unit(): number;
  /** A text is to be written here, or this one changed. */
  openText(at: Place, id: string | null): void;
  onChosen(): void;
}

/** Something that has begun. */
interface Doing {
  move(touches: readonly Touch[]): void;
  end(): void;
  cancel(): void;
}

const NOTHING: Doing = { move: () => undefined, end: () => undefined, cancel: () => undefined };

export function createHand(parts: HandParts): Hand {
  const { me, model, sender } = parts;
  const newId = (): string => `${me}.${model.nextNumber()}`;
  const perform = (ops: readonly BoardOp[]): readonly BoardOp[] => {
    const inverse = inverseOf(ops, model.shown);
    if (ops.length > 0) sender.draw(ops);
    return inverse;
  };
  const chooser = createChooser({ ...parts, perform });
  const ways: Readonly<Record<ToolName, (touch: Touch) => Doing>> = {
    select: (touch) => chooser.begin(touch),
    pen: (touch) => drawStroke(parts, newId, "pen", touch),
    marker: (touch) => drawStroke(parts, newId, "marker", touch),
    eraser: (touch) => erase(parts, perform, touch),
    line: (touch) => drawForm(parts, newId(), "line", touch),
    arrow: (touch) => drawForm(parts, newId(), "arrow", touch),
    rectangle: (touch) => drawForm(parts, newId(), "rectangle", touch),
    ellipse: (touch) => drawForm(parts, newId(), "ellipse", touch),
    text: (touch) => write(parts, touch),
    laser: (touch) => pointAt(sender, touch),
  };
  let doing = NOTHING;
  const finish = (how: "end" | "cancel"): void => {
    doing[how]();
    doing = NOTHING;
  };
  return {
    chooser,
    start(touch) {
      finish("end");
      if (model.isKnown()) doing = ways[parts.settings().tool](touch);
    },
    move: (all) => doing.move(all),
    end: () => finish("end"),
    cancel: () => finish("cancel"),
    perform,
    newId,
  };
}

const pointOf = ({ x, y, pressure }: Touch, grid = 1): Point => {
  const [onX, onY] = [clamp(snapped(x, grid)), clamp(snapped(y, grid))];
  return pressure === undefined ? [onX, onY] : [onX, onY, Math.round(pressure * PRESSURE_MAX)];
};

/** A stroke, seen by the others while it grows and simplified when it is whole. A very long one goes on as another. */
function drawStroke({ sender, history, settings, unit }: HandParts, newId: () => string, kind: "pen" | "marker", touch: Touch): Doing {
  const hasPressure = kind === "pen" && touch.pressure !== undefined;
  const grid = gridOf(unit());
  const look = settings();
  const strokes: { readonly id: string; readonly points: Point[]; length: number }[] = [];
  const shapeOf = (points: readonly Point[]): string => encodeShape({ kind, ...look, points, hasPressure, words: "" });
  const begin = (point: Point): void => {
    const [id, written] = [newId(), shapeOf([point])];
    strokes.push({ id, points: [point], length: written.length });
    sender.draw([{ kind: "put", id, shape: written }]);
  };
  /** Everyone sees what the one who draws sees: what is left out nobody would see. */
  const finish = (): void => {
    const stroke = strokes.at(-1);
    if (stroke === undefined) return;
    const written = shapeOf(simplified(stroke.points, unit()));
    if (written.length < stroke.length) sender.draw([{ kind: "put", id: stroke.id, shape: written }]);
  };
  const removal = (): BoardOp[] => strokes.map(({ id }) => ({ kind: "remove", id }));
  begin(pointOf(touch, grid));
  return {
    move(all) {
      const stroke = strokes.at(-1);
      const last = stroke?.points.at(-1);
      if (stroke === undefined || last === undefined) return;
      const far = STEP_PX * unit();
      const points: Point[] = [];
      let before = last;
      for (const next of all.map((one) => pointOf(one, grid))) {
        if (Math.hypot(next[0] - before[0], next[1] - before[1]) < far) continue;
        points.push(next);
        before = next;
      }
      const end = points.at(-1);
      if (end === undefined) return;
      if (stroke.points.length + points.length > POINTS_MAX) {
        finish();
        return begin(end);
      }
      const more = encodePoints(points, last, hasPressure);
      sender.draw([{ kind: "extend", id: stroke.id, at: stroke.length, points: more }]);
      stroke.length += more.length;
      stroke.points.push(...points);
    },
    end() {
      finish();
      history.note(removal());
    },
    cancel: () => sender.draw(removal()),
  };
}

type FormKind = Extract<ShapeKind, "line" | "arrow" | "rectangle" | "ellipse">;

function drawForm({ sender, history, settings, unit }: HandParts, id: string, kind: FormKind, touch: Touch): Doing {
  const from = pointOf({ ...touch, pressure: undefined });
  const { colour, width } = settings();
  let to = from;
  const shapeOf = (): Shape => ({ kind, colour, width, points: [from, to], hasPressure: false, words: "" });
  const isSlip = () => Math.hypot(to[0] - from[0], to[1] - from[1]) < LEAST_PX * unit();
  return {
    move(all) {
      const next = all.at(-1);
      if (next === undefined) return;
      const { x, y } = next.isExact ? straightened(kind, from, next) : next;
      to = [clamp(x), clamp(y)];
      sender.draw([{ kind: "put", id, shape: encodeShape(shapeOf()) }]);
    },
    end() {
      if (isSlip()) sender.draw([{ kind: "remove", id }]);
      else history.note([{ kind: "remove", id }]);
    },
    cancel: () => sender.draw([{ kind: "remove", id }]),
  };
}

/** Lines in steps of 45°, forms as high as wide. */
function straightened(kind: FormKind, [fromX, fromY]: Point, { x, y }: Place): Place {
  const [dx, dy] = [x - fromX, y - fromY];
  if (kind === "rectangle" || kind === "ellipse") {
    const side = Math.max(Math.abs(dx), Math.abs(dy));
    return { x: fromX + Math.sign(dx || 1) * side, y: fromY + Math.sign(dy || 1) * side };
  }
  const angle = (Math.round(Math.atan2(dy, dx) / (Math.PI / 4)) * Math.PI) / 4;
  const length = Math.hypot(dx, dy);
  return { x: fromX + length * Math.cos(angle), y: fromY + length * Math.sin(angle) };
}

/** Takes whole shapes away: one's own, for those who lead all. */
function erase({ me, model, sender, history, scene, leads, unit }: HandParts, perform: Hand["perform"], touch: Touch): Doing {
  const inverse: BoardOp[] = [];
  let last: Place = touch;
  const remove = (at: Place): void => {
    const reach = ERASER_PX * unit();
    const gone: BoardOp[] = [];
    for (const [id, written] of model.shown) {
      if (!leads() && !id.startsWith(`${me}.`)) continue;
      const box = scene.get(id)?.box;
      if (box !== undefined && (at.x < box.left - reach || at.x > box.right + reach || at.y < box.top - reach || at.y > box.bottom + reach)) continue;
      if (touches(written, at, reach)) gone.push({ kind: "remove", id });
    }
    // What went last comes back first: it lay above what went before, or beside it.
    inverse.unshift(...perform(gone));
  };
  remove(touch);
  return {
    move(all) {
      for (const next of all) {
        const steps = Math.ceil(Math.hypot(next.x - last.x, next.y - last.y) / (ERASER_PX * unit()));
        for (let step = 1; step <= steps; step += 1) {
          remove({ x: last.x + ((next.x - last.x) * step) / steps, y: last.y + ((next.y - last.y) * step) / steps });
        }
        last = next;
      }
    },
    end: () => history.note(inverse),
    cancel: () => sender.draw(inverse),
  };
}

function write({ me, model, leads, unit, openText }: HandParts, touch: Touch): Doing {
  const isText = ([id, written]: readonly [string, string]) =>
    written.startsWith("t") && (leads() || id.startsWith(`${me}.`)) && touches(written, touch, LEAST_PX * unit());
  const [id] = [...model.shown].findLast(isText) ?? [null];
  const [x, y] = decodeShape(model.shown.get(id ?? "") ?? "")?.points[0] ?? [touch.x, touch.y];
  return { ...NOTHING, end: () => openText({ x, y }, id) };
}

function pointAt(sender: Sender, touch: Touch): Doing {
  const tell = ({ x, y }: Place) => sender.point([clamp(x), clamp(y)]);
  tell(touch);
  return {
    move(all) {
      const next = all.at(-1);
      if (next !== undefined) tell(next);
    },
    end: () => sender.point(null),
    cancel: () => sender.point(null),
  };
}
