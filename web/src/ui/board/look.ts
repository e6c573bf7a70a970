/** How shapes look: colours that are told apart also by those who see few, and widths in the page's units. */

import type { Shape } from "../../room/boards/shape.ts";

/** After Okabe and Ito, with ink and grey; on white paper in every theme. */
export const COLOURS = ["#1f2328", "#0067ac", "#c8372d", "#00845f", "#d97f00", "#a2528a", "#3b9fd8", "#75706a"] as const;

export const COLOUR_NAMES = ["ink", "blue", "red", "green", "orange", "purple", "sky", "grey"] as const;

const PEN = [36, 64, 112, 200] as const;
const MARKER = [240, 360, 520, 760] as const;
const LETTERS = [300, 440, 680, 1_000] as const;

/** Lines of a text stand so far apart, in letters. */
export const LINE_HEIGHT = 1.25;

export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';

export function colourOf({ colour }: Pick<Shape, "colour">): string {
  return COLOURS[colour] ?? COLOURS[0];
}

/** How wide its line is; of a text how large its letters are. */
export function widthOf({ kind, width }: Pick<Shape, "kind" | "width">): number {
  const widths = kind === "marker" ? MARKER : kind === "text" ? LETTERS : PEN;
  return widths[width] ?? widths[0];
}
