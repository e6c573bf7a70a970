/** Where pictures go: the largest tiles that fit, pure. */

import type { Area } from "../area.ts";

export interface Grid {
  readonly columns: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
}

/** What is to be arranged. */
export interface Load {
  /** People in small tiles. */
  readonly small: number;
  /** People in large tiles. */
  readonly large: number;
  /** A slide or a board, which has the large place; people in large tiles are then beside it. */
  readonly content: "none" | "slide" | "board";
  /** px that a slide has below it for its bar. */
  readonly tools: number;
  /** Most small tiles at a time. */
  readonly most: number;
  /** What the side has of the stage, if the person has set it: 0 to 1. */
  readonly share: number | null;
  /** A phone that lies: what is large has all there is. */
  readonly isLow: boolean;
}

export interface Arrangement {
  /** Where the small tiles are: beside what is large, below it, or alone. */
  readonly split: "beside" | "above" | "none";
  /** Width (beside) or height (above) of the side in px. */
  readonly side: number;
  /** What `side` is of the stage, 0 to 1. */
  readonly share: number;
  readonly large: Grid;
  readonly small: Grid;
  /** Small tiles at a time; 0 where there is no room for any. */
  readonly pageSize: number;
}

export const GAP = 10;
const RATIO = 16 / 9;
/** Below this a face is no face any more. */
const TILE_WIDTH_MIN = 128;
/** Beyond it a small tile only shows that the camera is bad. */
const TILE_WIDTH_MAX = 880;
/** px of what turns pages, and the gap before it. */
const PAGER = 44 + GAP;
/** A side that is lower has no small tiles. */
const TILE_HEIGHT_LEAST = 40;
/** Shares the side may take, smallest first. */
const PICTURE_SHARES = [0.2, 0.28, 0.36];
/** The same from something to read, and from that with somebody pinned beside it. */
const CONTENT_SHARES = [0.13, 0.2, 0.26];
const PINNED_SHARES = [0.3];
/** What is to be read has of a stage that is higher than wide, alone and with somebody pinned. */
const CONTENT_HEIGHT = 0.66;
const PINNED_HEIGHT = 0.5;
/** What people who are pinned beside something to read have of the side's height. */
const PINNED_PART = 0.6;
/** The side's share can be set from one to the other. */
export const SHARE_MIN = 0.1;
export const SHARE_MAX = 0.6;

const NOTHING: Grid = { columns: 1, tileWidth: 0, tileHeight: 0 };

export function arrange(area: Area, load: Load): Arrangement {
  if (load.content === "none" && load.large === 0) {
    const small = page(area, load.small, load.most);
    return { split: "none", side: 0, share: 0, large: NOTHING, ...small };
  }
  const beside = load.content === "none" ? 0 : load.large;
  const small = load.isLow ? 0 : load.small;
  if (small + beside === 0) {
    return { split: "none", side: 0, share: 0, large: fit(area, load.large), small: NOTHING, pageSize: 0 };
  }
  return area.width > area.height * 1.15 ? besideLarge(area, { ...load, small }) : belowLarge(area, { ...load, small });
}

function besideLarge(area: Area, load: Load): Arrangement {
  const { content, large, small } = load;
  const shares = content === "none" ? PICTURE_SHARES : large === 0 ? CONTENT_SHARES : PINNED_SHARES;
  const widths = shares.map((share) => Math.max(Math.round(area.width * share), TILE_WIDTH_MIN));
  const wanted = widths.find((width) => holds({ width, height: area.height }, small)) ?? widths.at(-1) ?? TILE_WIDTH_MIN;
  const side = load.share === null ? wanted : Math.max(Math.round(area.width * limited(load.share)), TILE_WIDTH_MIN);
  const grids = inSide({ width: side, height: area.height }, load);
  const { columns, tileWidth } = grids.small;
  // What the tiles cannot use goes to what is large.
  const used = load.share === null && (content === "none" || large === 0) ? Math.min(columns * (tileWidth + GAP) - GAP, side) : side;
  const rest = { width: area.width - used - GAP, height: area.height };
  return { split: "beside", side: used, share: used / area.width, ...grids, large: content === "none" ? fit(rest, large) : grids.large };
}

function belowLarge(area: Area, load: Load): Arrangement {
  const { content, large, tools, share } = load;
  const height = largeHeight(area, content, large, tools);
  const side = share === null ? Math.max(area.height - height - GAP, 0) : Math.round(area.height * limited(share));
  const grids = inSide({ width: area.width, height: side }, load);
  const rest = { width: area.width, height: area.height - side - GAP };
  return { split: "above", side, share: side / area.height, ...grids, large: content === "none" ? fit(rest, large) : grids.large };
}

function largeHeight({ width, height }: Area, content: Load["content"], large: number, tools: number): number {
  if (content !== "none" && large > 0) {
    return height * PINNED_HEIGHT;
  }
  return content === "board" ? height * CONTENT_HEIGHT : Math.min(width / RATIO + tools, height * 0.6);
}

/** Small tiles, and above them whoever is pinned beside something to read. */
function inSide({ width, height }: Area, { content, large, small, most }: Load): Pick<Arrangement, "large" | "small" | "pageSize"> {
  if (content === "none" || large === 0) {
    return { large: NOTHING, ...page({ width, height }, small, most) };
  }
  const pinned = fit({ width, height: small === 0 ? height : height * PINNED_PART }, large);
  const rows = Math.ceil(large / pinned.columns);
  const rest = Math.max(height - rows * (pinned.tileHeight + GAP), 0);
  return { large: pinned, ...page({ width, height: rest }, small, most) };
}

/** As many tiles as there may be and are room for; where that is not everyone, something below them turns pages. */
function page(area: Area, count: number, most: number): Pick<Arrangement, "small" | "pageSize"> {
  if (count <= most && holds(area, count)) {
    return { small: fit(area, count, TILE_WIDTH_MAX), pageSize: count };
  }
  const tiles = { width: area.width, height: area.height - PAGER };
  if (tiles.height < TILE_HEIGHT_LEAST) {
    return { small: NOTHING, pageSize: 0 };
  }
  const columns = Math.max(Math.floor((tiles.width + GAP) / (TILE_WIDTH_MIN + GAP)), 1);
  const rows = Math.max(Math.floor((tiles.height + GAP) / (TILE_WIDTH_MIN / RATIO + GAP)), 1);
  const pageSize = Math.min(most, columns * rows, count);
  return { small: fit(tiles, pageSize, TILE_WIDTH_MAX), pageSize };
}

const limited = (share: number): number => Math.min(Math.max(share, SHARE_MIN), SHARE_MAX);

function holds(area: Area, count: number): boolean {
  const grid = fit(area, count);
  return grid.tileWidth >= Math.min(TILE_WIDTH_MIN, area.width) || count === 0;
}

/** The number of columns that makes tiles largest. */
function fit(area: Area, count: number, most = Infinity): Grid {
  let best = NOTHING;
  for (let columns = 1; columns <= Math.max(count, 1); columns++) {
    const rows = Math.ceil(Math.max(count, 1) / columns);
    const width = (area.width - GAP * (columns - 1)) / columns;
    const height = (area.height - GAP * (rows - 1)) / rows;
    const tileWidth = Math.max(Math.floor(Math.min(width, height * RATIO, most)), 0);
    if (tileWidth > best.tileWidth) {
      best = { columns, tileWidth, tileHeight: Math.floor(tileWidth / RATIO) };
    }
  }
  return best;
}

/** The most tiles on a page that a person can look over, by how large the screen is. */
export function mostOnPage({ width, height }: Area, isTouch: boolean): number {
  if (width < 600 || height < 480) {
    return 4;
  }
  return isTouch || width < 1_100 ? 9 : 25;
}
