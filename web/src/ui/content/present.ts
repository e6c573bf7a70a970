/** Brings a PDF or pictures into the room: drawn here page by page, the first forms of all pages first. */

import type { Piece } from "../../engine/messages.ts";
import type { SlideForm } from "../../room/messages.ts";
import type { Sharing } from "./sharing.ts";
import { encodeRuns } from "./runs.ts";
import { openPictures } from "./sources.ts";
import type { Source, SourcePage } from "./sources.ts";

/** docs/protocol.md: there within 3 s on 200 kbit/s, beside speech and pictures. */
const SMALL_BYTES = 32_000;
/** What the room takes at most. */
const BYTES_MAX: Readonly<Record<SlideForm, number>> = { small: 60_000, sharp: 1_048_576, sharper: 2_097_152, text: 20_000 };
/** Widths and qualities of the first form, the best first. */
const SMALL_STEPS = [1_280, 1_024, 800, 640].flatMap((width) => [0.8, 0.6, 0.4].map((quality) => ({ width, quality })));
const SHARP = { width: 1_920, quality: 0.85 };
const SHARPER = { width: 3_840, quality: 0.8 };
/** Of longer decks nobody keeps what is to be zoomed into. */
const SHARPER_PAGES_MAX = 40;
/** The longest side of a canvas that every browser has. */
const SIDE_MAX = 4_096;
/** Pages of one deck. */
const PAGES_MAX = 200;

/** Opens files and shows them; nothing when they are no slides, which is told. */
export async function present(files: readonly File[], sharing: Sharing): Promise<void> {
  const [first] = files;
  if (first === undefined) {
    return;
  }
  const isPdf = first.type === "application/pdf" || first.name.toLowerCase().endsWith(".pdf");
  const source = isPdf ? await openPdf(first) : await openPictures(files);
  if (source === null) {
    return sharing.refuse(first.name, "slides", { code: "wrongContent" });
  }
  if (source.length > PAGES_MAX) {
    source.close();
    return sharing.refuse(first.name, "slides", { code: "full", max: PAGES_MAX });
  }
  try {
    await bring(first.name, source, sharing);
  } finally {
    source.close();
  }
}

async function openPdf(file: File): Promise<Source | null> {
  const { openPdf: open } = await import("./pdf.ts");
  return open(file);
}

async function bring(name: string, source: Source, sharing: Sharing): Promise<void> {
  const rounds = [firstForms, sharpForm, ...(source.length <= SHARPER_PAGES_MAX ? [sharperForm] : [])];
  const key = await sharing.open(name, source.length, source.length * (rounds.length + 1) + 1);
  if (key === null) {
    return;
  }
  for (const round of rounds) {
    for (let index = 0; index < source.length; index++) {
      if (!sharing.isGoingOn(key)) return;
      sharing.add(key, await round(await source.page(index), index));
    }
  }
  sharing.add(key, [{ head: JSON.stringify({ kind: "end" }), body: new Blob([]) }]);
}

async function firstForms(page: SourcePage, index: number): Promise<Piece[]> {
  const text = new Blob([encodeRuns(await page.text(), BYTES_MAX.text)]);
  const small = await smallForm(page);
  return [pieceOf(index, "small", small), ...(text.size === 0 ? [] : [pieceOf(index, "text", { body: text, pixels: [0, 0] })])];
}

async function sharpForm(page: SourcePage, index: number): Promise<Piece[]> {
  return betterForm(page, index, "sharp", SHARP);
}

async function sharperForm(page: SourcePage, index: number): Promise<Piece[]> {
  return page.isScalable || page.width > SHARP.width ? betterForm(page, index, "sharper", SHARPER) : [];
}

async function betterForm(page: SourcePage, index: number, form: "sharp" | "sharper", { width, quality }: Step): Promise<Piece[]> {
  const drawn = await draw(page, width);
  for (const step of [quality, 0.6, 0.4]) {
    const body = await encode(drawn, step);
    if (body.size <= BYTES_MAX[form]) return [pieceOf(index, form, { body, pixels: [drawn.width, drawn.height] })];
  }
  return [];
}

interface Step {
  readonly width: number;
  readonly quality: number;
}

interface Picture {
  readonly body: Blob;
  readonly pixels: readonly [number, number];
}

/** The largest and best that is small enough. */
async function smallForm(page: SourcePage): Promise<Picture> {
  let drawn: { readonly width: number; readonly canvas: HTMLCanvasElement } | undefined;
  let smallest: Picture | undefined;
  for (const { width, quality } of SMALL_STEPS) {
    drawn = drawn?.width === width ? drawn : { width, canvas: await draw(page, width) };
    const { canvas } = drawn;
    const picture: Picture = { body: await encode(canvas, quality), pixels: [canvas.width, canvas.height] };
    if (smallest === undefined || picture.body.size < smallest.body.size) smallest = picture;
    if (smallest.body.size <= SMALL_BYTES) break;
  }
  if (smallest === undefined || smallest.body.size > BYTES_MAX.small) throw new Error("a page that no picture of this size shows");
  return smallest;
}

/** The size of a page that is this wide at most, or tall where it is upright. */
function fitted({ width, height, isScalable }: SourcePage, wanted: number): [number, number] {
  const longest = Math.min(wanted, SIDE_MAX);
  const scale = Math.min(longest / Math.max(width, height), isScalable ? Number.POSITIVE_INFINITY : 1);
  return [Math.max(Math.round(width * scale), 1), Math.max(Math.round(height * scale), 1)];
}

async function draw(page: SourcePage, wanted: number): Promise<HTMLCanvasElement> {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = fitted(page, wanted);
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) throw new Error("no canvas");
  await page.draw(canvas, context);
  return canvas;
}

/** WebP, or JPEG where the browser has no WebP to write. */
async function encode(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  const write = (type: string) => new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
  const webp = await write("image/webp");
  const body = webp?.type === "image/webp" ? webp : await write("image/jpeg");
  if (body === null) throw new Error("no picture");
  return body;
}

function pieceOf(page: number, form: SlideForm, { body, pixels }: Picture): Piece {
  return { head: JSON.stringify({ kind: "page", page, form, size: body.size, pixels }), body };
}
