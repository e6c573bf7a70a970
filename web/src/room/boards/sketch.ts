/** What a part of a snapshot looks like until it comes, as `proto/src/room/boards/sketch.rs` says it. */

import { list } from "../fields.ts";
import type { Fields } from "../fields.ts";
import type { KeptShape } from "./parse-board.ts";
import { decodeNumbers, encodeNumber } from "./shape.ts";

/** Steps of the grid, in units of a page. */
const GRID = 32;
const HEAD_CHARS = 3;
/** No shape's name has a space. */
const NAME = "sketch ";

/** Whether a shape is only what another one looks like. */
export const isSketch = (id: string): boolean => id.startsWith(NAME);

/** Shapes under names that no shape has; null for what is no sketch. */
export function parseSketch(part: string, { heads, counts, starts, steps, texts }: Fields): readonly KeptShape[] | null {
  const [counted, started, stepped] = [counts, starts, steps].map((text) => (typeof text === "string" ? decodeNumbers(text, 0, text.length) : null));
  const words = list(texts, (text) => (typeof text === "string" ? text : null));
  if (typeof heads !== "string" || !counted || !started || !stepped || words === null) {
    return null;
  }
  let [x, y, step] = [0, 0, 0];
  const strokes = counted.map((count, index) => {
    x += started[2 * index] ?? 0;
    y += started[2 * index + 1] ?? 0;
    const others = stepped.slice(step, step + 2 * (count - 1));
    step += others.length;
    return heads.slice(HEAD_CHARS * index, HEAD_CHARS * (index + 1)) + written([x, y, ...others]);
  });
  return [...strokes, ...words].map((shape, index) => [`${NAME}${part}.${index}`, shape]);
}

const written = (numbers: readonly number[]): string => numbers.map((number) => encodeNumber(GRID * number)).join("");
