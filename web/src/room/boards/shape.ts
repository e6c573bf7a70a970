/**
 * A shape and its written form, as `proto/src/room/boards/shape.rs` says it: kind, colour, width, points
 * in the digits of source maps, and for a text a space and the words.
 */

export type ShapeKind = "pen" | "marker" | "line" | "arrow" | "rectangle" | "ellipse" | "text";

/** x, y, and for a pen that tells it the pressure, 0 to 31. */
export type Point = readonly [number, number, number?];

export interface Shape {
  readonly kind: ShapeKind;
  /** 0 to 7. */
  readonly colour: number;
  /** 0 to 3. */
  readonly width: number;
  readonly points: readonly Point[];
  readonly hasPressure: boolean;
  readonly words: string;
}

/** A page is this wide; how tall it is depends on what is behind it. */
export const PAGE_WIDTH = 16_384;

/** Points of one stroke (proto/src/room/boards/shape.rs). */
export const POINTS_MAX = 2_000;

export const WORDS_MAX = 500;

const HEAD = 3;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const GOES_ON = 32;
const NUMBER_CHARS_MAX = 4;
const LETTERS = { pen: "p", marker: "m", line: "l", arrow: "a", rectangle: "r", ellipse: "e", text: "t" } as const;
const VALUES = new Map([...DIGITS].map((digit, value) => [digit.charCodeAt(0), value]));
const KINDS = new Map<string, ShapeKind>([
  ["p", "pen"],
  ["P", "pen"],
  ["m", "marker"],
  ["l", "line"],
  ["a", "arrow"],
  ["r", "rectangle"],
  ["e", "ellipse"],
  ["t", "text"],
]);

/** Coordinates as the room takes them. */
export const clamp = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)));

export function encodeNumber(value: number): string {
  let bits = (Math.abs(value) << 1) | (value < 0 ? 1 : 0);
  let text = "";
  do {
    const more = bits >> 5;
    text += DIGITS.charAt((bits % GOES_ON) | (more === 0 ? 0 : GOES_ON));
    bits = more;
  } while (bits > 0);
  return text;
}

/** Points behind `before`, as they stand at the end of a stroke. */
export function encodePoints(points: readonly Point[], before: Point | undefined, hasPressure: boolean): string {
  let [x, y, pressure = 0] = before ?? [0, 0, 0];
  let text = "";
  for (const [nextX, nextY, nextPressure = 0] of points) {
    text += encodeNumber(nextX - x) + encodeNumber(nextY - y);
    if (hasPressure) text += encodeNumber(nextPressure - pressure);
    [x, y, pressure] = [nextX, nextY, nextPressure];
  }
  return text;
}

export function encodeShape({ kind, colour, width, points, hasPressure, words }: Shape): string {
  const letter = hasPressure ? LETTERS[kind].toUpperCase() : LETTERS[kind];
  const end = kind === "text" ? ` ${words}` : "";
  return `${letter}${colour}${width}${encodePoints(points, undefined, hasPressure)}${end}`;
}

/** Null for what is no shape. */
export function decodeShape(text: string): Shape | null {
  const kind = KINDS.get(text.charAt(0));
  const space = text.indexOf(" ");
  const hasPressure = text.startsWith("P");
  const numbers = kind === undefined ? null : decodeNumbers(text, HEAD, space < 0 ? text.length : space);
  if (kind === undefined || numbers === null) {
    return null;
  }
  const points = pointsOf(numbers, hasPressure);
  const least = kind === "pen" || kind === "marker" || kind === "text" ? 1 : 2;
  if (points.length < least || points.length > POINTS_MAX) {
    return null;
  }
  const words = space < 0 ? "" : text.slice(space + 1);
  return { kind, colour: Number(text.charAt(1)) || 0, width: Number(text.charAt(2)) || 0, points, hasPressure, words };
}

/** The written form with its first point elsewhere. */
export function placeShape(text: string, x: number, y: number): string {
  let end = HEAD;
  for (let number = 0; number < 2; number += 1) {
    while ((VALUES.get(text.charCodeAt(end)) ?? 0) >= GOES_ON) end += 1;
    end += 1;
  }
  return text.slice(0, HEAD) + encodeNumber(x) + encodeNumber(y) + text.slice(end);
}

function pointsOf(numbers: readonly number[], hasPressure: boolean): Point[] {
  const each = hasPressure ? 3 : 2;
  const points: Point[] = [];
  let [x, y, pressure] = [0, 0, 0];
  for (let index = 0; index + each <= numbers.length; index += each) {
    x += numbers[index] ?? 0;
    y += numbers[index + 1] ?? 0;
    if (hasPressure) pressure += numbers[index + 2] ?? 0;
    points.push(hasPressure ? [x, y, pressure] : [x, y]);
  }
  return points;
}

/** Null for what is not numbers alone. */
export function decodeNumbers(text: string, from: number, to: number): number[] | null {
  const numbers: number[] = [];
  let [bits, shift] = [0, 0];
  for (let index = from; index < to; index += 1) {
    const digit = VALUES.get(text.charCodeAt(index));
    if (digit === undefined || shift >= 5 * NUMBER_CHARS_MAX) {
      return null;
    }
    bits |= digit % GOES_ON << shift;
    if (digit >= GOES_ON) {
      shift += 5;
      continue;
    }
    numbers.push(bits & 1 ? -(bits >> 1) : bits >> 1);
    [bits, shift] = [0, 0];
  }
  return shift === 0 ? numbers : null;
}
