/**
 * The still part of a board as bitmaps: tiles of the page at the scale that is shown, painted a little with
 * each picture. Until new ones are there, those of the scale before stand in for them.
 */

import type { Box } from "./geometry.ts";
import { meets } from "./geometry.ts";
import type { Painted } from "./paint.ts";
import { TILE, isWhole, lay, newTile, overlay, spoil, work } from "./tile.ts";
import type { Tile } from "./tile.ts";

/** What painting may take of a picture's 16 ms. */
const BUDGET_MS = 7;
/** The same while nothing moves: then pictures may be late, and all of it is there sooner. */
const CALM_BUDGET_MS = 24;
const TILES_MAX = 96;

/** How the page lies on the canvas: pixels of the screen for one unit, and where its corner is. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

interface Level {
  readonly scale: number;
  readonly tiles: Map<string, Tile>;
}

export interface Progress {
  /** Whether there is more to do. */
  readonly isMore: boolean;
  /** So many shapes there were on the page when the oldest of what is to be seen was begun. */
  readonly painted: number;
}

export interface Bitmaps {
  /** Paints what is to be seen; `isDrawn` while somebody draws on it. */
  paint(context: CanvasRenderingContext2D, view: View, size: { readonly width: number; readonly height: number }, isDrawn: boolean): Progress;
  dirty(box: Box | null): void;
  addOnTop(shape: Painted): void;
  /** The highest first. */
  addBelow(shapes: readonly Painted[]): void;
}

export function createBitmaps(still: ReadonlyMap<string, Painted>, page: { readonly width: number; readonly height: number }): Bitmaps {
  let level: Level = { scale: 0, tiles: new Map() };
  let before: Level | null = null;
  let picture = 0;
  let shown: View = { scale: 0, x: 0, y: 0 };

  const tileAt = (column: number, row: number): Tile => {
    const key = `${column},${row}`;
    const known = level.tiles.get(key);
    if (known !== undefined) return known;
    const tile = newTile(level.scale, column, row);
    level.tiles.set(key, tile);
    return tile;
  };
  return {
    paint(context, view, { width, height }, isDrawn) {
      picture += 1;
      const isCalm = !isDrawn && view.scale === shown.scale && view.x === shown.x && view.y === shown.y;
      shown = view;
      if (view.scale !== level.scale) {
        before = level.tiles.size > 0 ? level : before;
        level = { scale: view.scale, tiles: new Map() };
      }
      const side = TILE / view.scale;
      const seen = (low: number, high: number, most: number): [number, number] => [Math.max(0, Math.floor(low / side)), Math.min(Math.ceil(most / side) - 1, Math.floor(high / side))];
      const [firstColumn, lastColumn] = seen(-view.x / view.scale, (width - view.x) / view.scale, page.width);
      const [firstRow, lastRow] = seen(-view.y / view.scale, (height - view.y) / view.scale, page.height);
      const until = performance.now() + (isCalm ? CALM_BUDGET_MS : BUDGET_MS);
      let isMore = false;
      let painted = still.size;
      for (let row = firstRow; row <= lastRow; row += 1) {
        for (let column = firstColumn; column <= lastColumn; column += 1) {
          const tile = tileAt(column, row);
          tile.usedAt = picture;
          if (!isWhole(tile) && performance.now() < until) work(tile, still, until);
          isMore ||= !isWhole(tile);
          painted = Math.min(painted, tile.of);
        }
      }
      if (isMore && before !== null) show(context, view, before, 0);
      show(context, view, level, isMore ? 0 : picture);
      if (!isMore) before = null;
      forget(level.tiles, picture);
      return { isMore, painted };
    },
    dirty(box) {
      if (box === null) before = null;
      for (const tile of [...level.tiles.values(), ...(before?.tiles.values() ?? [])]) if (box === null || meets(tile.box, box)) spoil(tile);
    },
    addOnTop(shape) {
      for (const tile of level.tiles.values()) overlay(tile, shape);
    },
    addBelow(shapes) {
      for (const tile of level.tiles.values()) lay(tile, shapes, still.size);
    },
  };
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

/** The least lately used go. */
function forget(tiles: Map<string, Tile>, picture: number): void {
  if (tiles.size <= TILES_MAX) return;
  for (const [key, { usedAt }] of tiles) if (usedAt < picture && tiles.size > TILES_MAX) tiles.delete(key);
}
