/**
 * What one sees of a board: a canvas of what lies still and one over it of what moves. Paints when something
 * changed, at most once for each picture of the screen.
 */

import { createBitmaps } from "./bitmaps.ts";
import type { View } from "./bitmaps.ts";
import { fitted, kept, moved, onPage, zoomed } from "./camera.ts";
import type { Size } from "./camera.ts";
import type { Box, Place } from "./geometry.ts";
import { createScene } from "./scene.ts";
import type { Scene } from "./scene.ts";

/** Pixels of a canvas at most: some browsers show nothing of larger ones. */
const PIXELS_MAX = 12_000_000;
/** A pointer that does not move any more has gone without a word. */
const POINTER_MS = 4_000;

export interface Pointing extends Place {
  readonly name: string;
  readonly at: number;
}

/** What is over the shapes. */
export interface Overlay {
  /** Frames around what is chosen. */
  readonly chosen: readonly Box[];
  /** What is being chosen. */
  readonly frame: Box | null;
}

export interface Surface {
  readonly scene: Scene;
  view(): View;
  resize(size: Size, ratio: number): void;
  /** Fingers and wheels. */
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Place): void;
  /** As near to it as the page can lie. */
  look(view: View): void;
  whole(): void;
  /** Of the canvas. */
  middle(): Place;
  onPage(at: Place): Place;
  /** Paint again: something over the shapes changed. */
  touch(): void;
  change(id: string | null): void;
  close(): void;
}

export interface SurfaceParts {
  readonly still: HTMLCanvasElement;
  readonly moving: HTMLCanvasElement;
  readonly shown: ReadonlyMap<string, string>;
  readonly page: Size;
  /** The whole page is what is seen of it, always. */
  readonly isFixed: boolean;
  overlay(): Overlay;
  pointers(): Iterable<Pointing>;
  /** The view is another one: what stands over the board in the page moves along. */
  onView(view: View): void;
}

export function createSurface(parts: SurfaceParts): Surface {
  const { page } = parts;
  const context = contextOf(parts.still);
  const over = contextOf(parts.moving);
  const scene = createScene({
    shown: parts.shown,
    now: () => performance.now(),
    onDirty: (box) => bitmaps.dirty(box),
    onTop: (shape) => bitmaps.addOnTop(shape),
    onBelow: (shapes) => bitmaps.addBelow(shapes),
  });
  const bitmaps = createBitmaps(scene.still, page);
  let size: Size = { width: 1, height: 1 };
  let ratio = 1;
  let view = fitted(size, page);
  let isWhole = true;
  let picture: number | undefined;

  const look = (next: View): void => {
    const before = view;
    view = parts.isFixed ? fitted(size, page) : kept(next, size, page);
    isWhole = view.scale <= fitted(size, page).scale * 1.001;
    if (before.scale !== view.scale || before.x !== view.x || before.y !== view.y) parts.onView(view);
    touch();
  };
  const paintAll = (): void => {
    picture = undefined;
    scene.settle();
    const pixels = { width: parts.still.width, height: parts.still.height };
    const scaled = { scale: view.scale * ratio, x: view.x * ratio, y: view.y * ratio };
    wipe(context, pixels);
    const { isMore, painted } = bitmaps.paint(context, scaled, pixels, scene.hasLive());
    wipe(over, pixels);
    over.setTransform(scaled.scale, 0, 0, scaled.scale, scaled.x, scaled.y);
    scene.paintLive(over);
    paintOverlay(over, parts.overlay(), view.scale);
    const arePointing = paintPointers(over, parts.pointers(), view.scale);
    Object.assign(parts.still.dataset, { busy: isMore || scene.hasLive(), painted });
    if (isMore || scene.hasLive() || arePointing) touch();
  };
  const touch = (): void => void (picture ??= requestAnimationFrame(paintAll));
  return {
    scene,
    view: () => view,
    resize(next, pixelRatio) {
      size = next;
      ratio = Math.min(pixelRatio, Math.sqrt(PIXELS_MAX / Math.max(1, size.width * size.height)));
      for (const canvas of [parts.still, parts.moving]) {
        canvas.width = Math.max(1, Math.round(size.width * ratio));
        canvas.height = Math.max(1, Math.round(size.height * ratio));
      }
      look(isWhole ? fitted(size, page) : view);
      parts.onView(view);
    },
    pan: (dx, dy) => look(moved(view, dx, dy)),
    zoom: (factor, at) => look(zoomed(view, factor, at)),
    look,
    whole: () => look(fitted(size, page)),
    middle: () => ({ x: size.width / 2, y: size.height / 2 }),
    onPage: (at) => onPage(view, at),
    touch,
    change(id) {
      scene.change(id);
      touch();
    },
    close() {
      cancelAnimationFrame(picture ?? 0);
      picture = -1;
    },
  };
}

function wipe(context: CanvasRenderingContext2D, { width, height }: Size): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  return context;
}

function paintOverlay(context: CanvasRenderingContext2D, { chosen, frame }: Overlay, scale: number): void {
  context.strokeStyle = "#0b6c70";
  context.lineWidth = 2 / scale;
  context.setLineDash([6 / scale, 4 / scale]);
  for (const { left, top, right, bottom } of chosen) context.strokeRect(left, top, right - left, bottom - top);
  if (frame !== null) {
    context.fillStyle = "rgb(11 108 112 / 10%)";
    const { left, top, right, bottom } = frame;
    context.fillRect(left, top, right - left, bottom - top);
    context.strokeRect(left, top, right - left, bottom - top);
  }
  context.setLineDash([]);
}

/** True while there are some. */
function paintPointers(context: CanvasRenderingContext2D, pointers: Iterable<Pointing>, scale: number): boolean {
  let isAny = false;
  for (const { x, y, name, at } of pointers) {
    if (performance.now() - at > POINTER_MS) continue;
    isAny = true;
    for (const [radius, colour] of [[16, "rgb(225 29 29 / 18%)"], [10, "rgb(225 29 29 / 35%)"], [5, "#e11d1d"]] as const) {
      context.fillStyle = colour;
      context.beginPath();
      context.arc(x, y, radius / scale, 0, 2 * Math.PI);
      context.fill();
    }
    context.font = `600 ${13 / scale}px system-ui, sans-serif`;
    context.textBaseline = "middle";
    context.fillText(name, x + 20 / scale, y);
  }
  return isAny;
}
