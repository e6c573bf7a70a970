/**
 * What is written on a page of slides and where: pieces of text as a PDF has them, as JSON of at most so many
 * bytes. Pure.
 */

/** Where a piece begins, how wide and how tall it is: in thousandths of the page's width. */
export interface RunPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Run {
  readonly text: string;
  /** Null for what lies crosswise, and for what is only there to be read out. */
  readonly place: RunPlace | null;
  readonly endsLine: boolean;
}

export interface PageWords {
  /** All of it, to be read. */
  readonly text: string;
  readonly runs: readonly Run[];
}

/** A page of a book has about so many pieces; more than that nobody selects. */
const RUNS_MAX = 1_500;
const CHARS_MAX = 20_000;
/** Far beyond the edges of a tall page. */
const PLACE_MAX = 8_000;

/** As many of the pieces as fit, the first ones. */
export function encodeRuns(runs: readonly Run[], bytesMax: number): string {
  const encoder = new TextEncoder();
  const entries: string[] = [];
  let bytes = 2;
  for (const { text, place, endsLine } of runs.slice(0, RUNS_MAX)) {
    const entry = JSON.stringify([endsLine ? `${text}\n` : text, ...(place === null ? [] : [place.left, place.top, place.width, place.height].map(Math.round))]);
    bytes += encoder.encode(entry).length + 1;
    if (bytes > bytesMax) break;
    entries.push(entry);
  }
  return entries.length === 0 ? "" : `[${entries.join()}]`;
}

/** What somebody sent: anything that is no list of pieces is text. */
export function decodeRuns(sent: string): PageWords {
  const entries = parsed(sent);
  if (entries === null) {
    return { text: sent.slice(0, CHARS_MAX), runs: [] };
  }
  const runs: Run[] = [];
  let chars = 0;
  for (const entry of entries.slice(0, RUNS_MAX)) {
    const [text, left, top, width, height]: unknown[] = Array.isArray(entry) ? entry : [];
    if (typeof text !== "string" || chars + text.length > CHARS_MAX) continue;
    chars += text.length;
    const isPlaced = isInside(left) && isInside(top) && isInside(width) && isInside(height) && width > 0 && height > 0;
    runs.push({ text: text.replace(/\n$/, ""), endsLine: text.endsWith("\n"), place: isPlaced ? { left, top, width, height } : null });
  }
  return { text: runs.map(({ text, endsLine }) => (endsLine ? `${text}\n` : text)).join("").trim(), runs };
}

const isInside = (value: unknown): value is number => typeof value === "number" && Math.abs(value) <= PLACE_MAX;

function parsed(sent: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(sent);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
