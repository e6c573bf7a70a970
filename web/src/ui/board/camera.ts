/** Where on the page one looks: pure. */

import { PAGE_WIDTH } from "../../room/boards/shape.ts";
import type { View } from "./bitmaps.ts";
import type { Place } from "./geometry.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How many times larger than the whole page. */
export const ZOOM_MAX = 12;

/** The whole page, in the middle. */
export function fitted(size: Size, page: Size): View {
  const scale = Math.min(size.width / page.width, size.height / page.height);
  return { scale, x: (size.width - page.width * scale) / 2, y: (size.height - page.height * scale) / 2 };
}

/** `view` within what there is to see: no larger than the most, no smaller than the page, never beside it. */
export function kept(view: View, size: Size, page: Size): View {
  const whole = fitted(size, page);
  const scale = Math.max(whole.scale, Math.min(whole.scale * ZOOM_MAX, view.scale));
  return { scale, x: along(view.x, size.width, page.width * scale), y: along(view.y, size.height, page.height * scale) };
}

/** Larger by `factor`, around a place on the canvas that stays where it is. */
export function zoomed(view: View, factor: number, at: Place): View {
  return { scale: view.scale * factor, x: at.x - (at.x - view.x) * factor, y: at.y - (at.y - view.y) * factor };
}

/** In the middle of the room, or without a gap at its ends. */
const along = (offset: number, room: number, length: number): number =>
  length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, offset));

export const moved = (view: View, dx: number, dy: number): View => ({ ...view, x: view.x + dx, y: view.y + dy });

export const onPage = ({ scale, x, y }: View, at: Place): Place => ({ x: (at.x - x) / scale, y: (at.y - y) / scale });

export const pageOf = (ratio: number): Size => ({ width: PAGE_WIDTH, height: PAGE_WIDTH / ratio });
