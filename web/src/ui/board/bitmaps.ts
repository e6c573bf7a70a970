/**
 * The still part of a board as bitmaps: tiles of the page at the scale that is shown, painted a little with
 * each picture. Until new ones are there, those of the scale before stand in for them.
 */

import type { Box } from "./geometry.ts";
import { meets } from "./geometry.ts";
import { paint } from "./paint.ts";
import type { Painted } from "./paint.ts";

/** Pixels of a tile's side. */
const TILE = 512;
/** What painting may take of a picture's 16 ms. */
const BUDGET_MS = 7;
const TILES_MAX = 96;

/** How the page lies on the canvas: pixels of the screen for one unit, and where its corner is. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

interface Tile {
  readonly column: number;
  readonly row: number;
  readonly box: Box;
  /** What is shown: nothing at first, something old while the new one is painted. */
  canvas: HTMLCanvasElement | null;
  isWhole: boolean;
  building: Building | null;
  usedAt: number;
}

interface Building {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  readonly shapes: Painted[];
  next: number;
}

interface Level {
  readonly scale: number;
  readonly tiles: Map<string, Tile>;
}

export interface Bitmaps {
  /** Paints what is to be seen; true if there is more to do. */
  paint(context: CanvasRenderingContext2D, view: View, size: { readonly width: number; readonly height: number }): boolean;
  dirty(box: Box | null): void;
  addOnTop(shape: Painted): void;
}

export function createBitmaps(still: ReadonlyMap<string, Painted>, page: { readonly width: number; readonly height: number }): Bitmaps {
  let level: Level = { scale: 0, tiles: new Map() };
  let before: Level | null = null;
  let picture = 0;

  const tileAt = (column: number, row: number): Tile => {
    const key = `${column},${row}`;
    const known = level.tiles.get(key);
    if (known !== undefined) return known;
    const tile = newTile(level.scale, column, row);
    level.tiles.set(key, tile);
    return tile;
  };
  const work = (tile: Tile, until: number): void => {
    tile.building ??= begin(tile, level.scale, [...still.values()].filter(({ box }) => meets(box, tile.box)));
    const { canvas, context, shapes } = tile.building;
    for (; tile.building.next < shapes.length; tile.building.next += 1) {
      const shape = shapes[tile.building.next];
      if (tile.building.next % 4 === 3 && performance.now() > until) return;
      if (shape !== undefined) paint(context, shape);
    }
    tile.canvas = canvas;
    tile.building = null;
    tile.isWhole = true;
  };
  return {
    paint(context, view, { width, height }) {
      picture += 1;
      if (view.scale !== level.scale) {
        before = level.tiles.size > 0 ? level : before;
        level = { scale: view.scale, tiles: new Map() };
      }
      const side = TILE / view.scale;
      const seen = (low: number, high: number, most: number): [number, number] => [Math.max(0, Math.floor(low / side)), Math.min(Math.ceil(most / side) - 1, Math.floor(high / side))];
      const [firstColumn, lastColumn] = seen(-view.x / view.scale, (width - view.x) / view.scale, page.width);
      const [firstRow, lastRow] = seen(-view.y / view.scale, (height - view.y) / view.scale, page.height);
      const until = performance.now() + BUDGET_MS;
      let isMore = false;
      for (let row = firstRow; row <= lastRow; row += 1) {
        for (let column = firstColumn; column <= lastColumn; column += 1) {
          const tile = tileAt(column, row);
          tile.usedAt = picture;
          if (!tile.isWhole && performance.now() < until) work(tile, until);
          isMore ||= !tile.isWhole;
        }
      }
      if (isMore && before !== null) show(context, view, before, 0);
      show(context, view, level, isMore ? 0 : picture);
      if (!isMore) before = null;
      forget(level.tiles, picture);
      return isMore;
    },
    dirty(box) {
      if (box === null) before = null;
      for (const tile of [...level.tiles.values(), ...(before?.tiles.values() ?? [])]) if (box === null || meets(tile.box, box)) spoil(tile);
    },
    addOnTop(shape) {
      for (const tile of level.tiles.values()) {
        if (!meets(tile.box, shape.box)) continue;
        const context = tile.isWhole ? tile.canvas?.getContext("2d") : null;
        if (context) paint(context, shape);
        else tile.building?.shapes.push(shape);
      }
    },
  };
}

/** Something in it is another one: it is painted anew. */
function spoil(tile: Tile): void {
  tile.isWhole = false;
  tile.building = null;
}

/** Paints the tiles that have been used since; 0: all that have something. */
function show(context: CanvasRenderingContext2D, view: View, { tiles }: Level, since: number): void {
  for (const { canvas, box, usedAt } of tiles.values()) {
    if (usedAt < since || canvas === null) continue;
    // On whole pixels, else there are seams.
    const [left, top] = [Math.round(box.left * view.scale + view.x), Math.round(box.top * view.scale + view.y)];
    const [right, bottom] = [Math.round(box.right * view.scale + view.x), Math.round(box.bottom * view.scale + view.y)];
    context.drawImage(canvas, left, top, right - left, bottom - top);
  }
}

function newTile(scale: number, column: number, row: number): Tile {
  const side = TILE / scale;
  const box = { left: column * side, top: row * side, right: (column + 1) * side, bottom: (row + 1) * side };
  return { column, row, box, canvas: null, isWhole: false, building: null, usedAt: 0 };
}

function begin({ column, row }: Tile, scale: number, shapes: Painted[]): Building {
  const canvas = document.createElement("canvas");
  canvas.width = TILE;
  canvas.height = TILE;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.setTransform(scale, 0, 0, scale, -column * TILE, -row * TILE);
  return { canvas, context, shapes, next: 0 };
}

/** The least lately used go. */
function forget(tiles: Map<string, Tile>, picture: number): void {
  if (tiles.size <= TILES_MAX) return;
  for (const [key, { usedAt }] of tiles) if (usedAt < picture && tiles.size > TILES_MAX) tiles.delete(key);
}
