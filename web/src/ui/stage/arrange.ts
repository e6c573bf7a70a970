/** Where pictures go: the largest tiles that fit, pure. */

export interface Area {
  readonly width: number;
  readonly height: number;
}

export interface Grid {
  readonly columns: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
}

export interface Arrangement {
  /** The featured picture beside the tiles, above them, or none. */
  readonly split: "beside" | "above" | "none";
  /** Width (beside) or height (above) that the tiles get, in px. */
  readonly strip: number;
  readonly grid: Grid;
  readonly isScrolling: boolean;
}

export const GAP = 10;
const RATIO = 16 / 9;
/** Below this a face is no face any more; the tiles then scroll. */
const TILE_WIDTH_MIN = 128;
/** Beyond it a tile only shows that the camera is bad. */
const TILE_WIDTH_MAX = 880;
/** Shares the tiles may take from a featured picture, smallest first. */
const STRIP_SHARES = [0.2, 0.28, 0.36];
/** The same from a board, on which there is something to read. */
const BOARD_SHARES = [0.13, 0.2, 0.26];
/** What a board has of a stage that is higher than wide. */
const BOARD_HEIGHT = 0.66;

/** What is large beside or above the tiles. */
export type Large = "none" | "picture" | "board";

/** Arranges `count` tiles, and something large if there is something, with `tools` px below it. */
export function arrange(area: Area, count: number, large: Large, tools = 0): Arrangement {
  if (large === "none" || count === 0) {
    return { split: "none", strip: 0, grid: fit(area, count), isScrolling: !holds(area, count) };
  }
  return area.width > area.height * 1.15 ? beside(area, count, large) : above(area, count, large, tools);
}

function beside(area: Area, count: number, large: Large): Arrangement {
  const strips = (large === "board" ? BOARD_SHARES : STRIP_SHARES).map((share) => Math.max(Math.round(area.width * share), TILE_WIDTH_MIN));
  const strip = strips.find((width) => holds({ width, height: area.height }, count)) ?? strips.at(-1) ?? TILE_WIDTH_MIN;
  const tiles = { width: strip, height: area.height };
  const grid = fit(tiles, count);
  // What the tiles cannot use goes to the featured picture.
  return { split: "beside", strip: grid.columns * (grid.tileWidth + GAP) - GAP, grid, isScrolling: !holds(tiles, count) };
}

function above(area: Area, count: number, large: Large, tools: number): Arrangement {
  const featured = large === "board" ? area.height * BOARD_HEIGHT : Math.min(area.width / RATIO + tools, area.height * 0.6);
  const strip = Math.max(area.height - featured - GAP, 0);
  const tiles = { width: area.width, height: strip };
  return { split: "above", strip, grid: fit(tiles, count), isScrolling: !holds(tiles, count) };
}

function holds(area: Area, count: number): boolean {
  const grid = fit(area, count);
  const rows = Math.ceil(count / grid.columns);
  return rows * (grid.tileHeight + GAP) - GAP <= area.height;
}

/** The number of columns that makes tiles largest; at the least width they scroll instead of shrink. */
function fit(area: Area, count: number): Grid {
  let best: Grid = { columns: 1, tileWidth: 0, tileHeight: 0 };
  for (let columns = 1; columns <= Math.max(count, 1); columns++) {
    const rows = Math.ceil(Math.max(count, 1) / columns);
    const width = (area.width - GAP * (columns - 1)) / columns;
    const height = (area.height - GAP * (rows - 1)) / rows;
    const tileWidth = Math.floor(Math.min(width, height * RATIO, TILE_WIDTH_MAX));
    if (tileWidth > best.tileWidth) {
      best = gridOf(columns, tileWidth);
    }
  }
  if (best.tileWidth >= Math.min(TILE_WIDTH_MIN, area.width)) {
    return best;
  }
  const columns = Math.max(1, Math.floor((area.width + GAP) / (TILE_WIDTH_MIN + GAP)));
  return gridOf(columns, Math.max(0, Math.floor((area.width - GAP * (columns - 1)) / columns)));
}

function gridOf(columns: number, tileWidth: number): Grid {
  return { columns, tileWidth, tileHeight: Math.floor(tileWidth / RATIO) };
}
