/** A piece of a board's still part at one scale, painted a little with each picture. */

import { meets } from "./geometry.ts";
import type { Box } from "./geometry.ts";
import { paint } from "./paint.ts";
import type { Painted } from "./paint.ts";

/** Pixels of a side. */
export const TILE = 512;

export interface Tile {
  readonly column: number;
  readonly row: number;
  readonly box: Box;
  /** Pixels for a unit of the page. */
  readonly scale: number;
  /** What is shown: nothing at first, something old while the new one is painted. */
  canvas: HTMLCanvasElement | null;
  /** How many shapes there were on the page when that was begun. */
  of: number;
  /**
   * Whether what is being built, or else that, is what it should be but for what lies below it. What is built and is not
   * so any more is shown all the same, and begun again.
   */
  isFresh: boolean;
  /** What came below it since, the highest first, and how many shapes there are with it. */
  below: Painted[];
  ofBelow: number;
  building: Building | null;
  usedAt: number;
}

interface Building {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  readonly shapes: Painted[];
  readonly of: number;
  next: number;
}

export function newTile(scale: number, column: number, row: number): Tile {
  const side = TILE / scale;
  const box = { left: column * side, top: row * side, right: (column + 1) * side, bottom: (row + 1) * side };
  return { column, row, box, scale, canvas: null, of: 0, isFresh: false, below: [], ofBelow: 0, building: null, usedAt: 0 };
}

/** Paints some of what a tile has not; `still` is all that lies on the page, the lowest first. */
export function work(tile: Tile, still: ReadonlyMap<string, Painted>, until: number): void {
  if (tile.building !== null || !tile.isFresh) {
    if (tile.building === null) tile.isFresh = true;
    const building = (tile.building ??= begin(tile, still));
    const { canvas, context, shapes, of } = building;
    building.next = paintSome(context, shapes, building.next, until);
    if (building.next < shapes.length) return;
    Object.assign(tile, { canvas, of: tile.below.length === 0 ? Math.max(of, tile.ofBelow) : of, building: null });
  }
  if (tile.isFresh && tile.below.length > 0) underlay(tile, until);
}

/**
 * Something in it is another one: it is painted anew. What has been begun is finished: where something changes all the
 * time, as while a full page comes, there would never be anything to be seen.
 */
export function spoil(tile: Tile): void {
  tile.isFresh = false;
  tile.below = [];
  tile.ofBelow = 0;
}

export const isWhole = ({ isFresh, building, below }: Tile): boolean => isFresh && building === null && below.length === 0;

/** Something new lies above all else. */
export function overlay(tile: Tile, shape: Painted): void {
  if (!meets(tile.box, shape.box)) return;
  const context = tile.isFresh && tile.building === null ? tile.canvas?.getContext("2d") : null;
  if (context) paint(context, shape);
  else tile.building?.shapes.push(shape);
}

/** The same below all else, the highest first; `of`: how many there are with it. */
export function lay(tile: Tile, shapes: readonly Painted[], of: number): void {
  if (!tile.isFresh) return;
  tile.below.push(...shapes.filter(({ box }) => meets(box, tile.box)));
  tile.ofBelow = of;
  if (isWhole(tile)) tile.of = of;
}

/** Paints from the shape `next` on while there is time; where to go on. */
function paintSome(context: CanvasRenderingContext2D, shapes: readonly Painted[], next: number, until: number): number {
  for (let index = next; index < shapes.length; index += 1) {
    const shape = shapes[index];
    if (index % 4 === 3 && performance.now() > until) return index;
    if (shape !== undefined) paint(context, shape);
  }
  return shapes.length;
}

/** Paints some of what lies below what is to be seen of a tile already. */
function underlay(tile: Tile, until: number): void {
  const context = tile.canvas?.getContext("2d");
  if (!context) return;
  context.globalCompositeOperation = "destination-over";
  tile.below = tile.below.slice(paintSome(context, tile.below, 0, until));
  context.globalCompositeOperation = "source-over";
  if (tile.below.length === 0) tile.of = tile.ofBelow;
}

function begin({ column, row, box, scale }: Tile, still: ReadonlyMap<string, Painted>): Building {
  const canvas = document.createElement("canvas");
  canvas.width = TILE;
  canvas.height = TILE;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.setTransform(scale, 0, 0, scale, -column * TILE, -row * TILE);
  const shapes = [...still.values()].filter((shape) => meets(shape.box, box));
  return { canvas, context, shapes, of: still.size, next: 0 };
}
