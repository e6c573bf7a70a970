/** Boards as files: one as PNG, several as PDF; what is drawn over slides with the slides below it. */

import type { BoardModel } from "../../room/boards/model.ts";
import { PAGE_WIDTH } from "../../room/boards/shape.ts";
import type { RoomView } from "../view.ts";
import { paint, prepare } from "./paint.ts";
import { pdfOf } from "./pdf.ts";
import type { PdfPage } from "./pdf.ts";
import { readBoard } from "./reader.ts";
import { RATIO, sheetOf } from "./sheet.ts";

/** Sharp on paper: 220 dots an inch on A4. */
const PIXELS = 2_400;
/** A page that does not come in this time is left out. */
const PATIENCE_MS = 15_000;
/** A slide that was never shown has no board. */
const SLIDE_PATIENCE_MS = 3_000;

/** Paints what is on a board, so many pixels wide. */
export function paintShapes(context: CanvasRenderingContext2D, shown: ReadonlyMap<string, string>, pixels: number): void {
  const scale = pixels / PAGE_WIDTH;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  for (const written of shown.values()) {
    const shape = prepare(written);
    if (shape !== null) paint(context, shape);
  }
}

/** The same on white paper. */
export function paintPage(context: CanvasRenderingContext2D, shown: ReadonlyMap<string, string>, pixels: number, ratio = RATIO): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, pixels, pixels / ratio);
  paintShapes(context, shown, pixels);
}

export async function savePng(view: RoomView, board: string): Promise<void> {
  const drawn = await draw(view, board);
  const image = drawn === null ? null : await imageOf(drawn, "image/png");
  if (image !== null) save(image, `${fileName(view)}.png`);
}

/** These boards, a page each. */
export async function savePdf(view: RoomView, boards: readonly string[]): Promise<void> {
  const pages: PdfPage[] = [];
  for (const board of boards) {
    const drawn = await draw(view, board);
    const image = drawn === null ? null : await imageOf(drawn, "image/jpeg");
    if (drawn !== null && image !== null) pages.push({ jpeg: new Uint8Array(await image.arrayBuffer()), width: drawn.width, height: drawn.height });
  }
  if (pages.length > 0) save(pdfOf(pages), `${fileName(view)}.pdf`);
}

const fileName = (view: RoomView): string => view.store.room.peek().title.replaceAll(/[^\p{L}\p{N} _-]/gu, "") || "Mosaik";

/** Null for a page that does not come; a slide is there without what is drawn over it. */
async function draw(view: RoomView, board: string): Promise<HTMLCanvasElement | null> {
  const isSlide = board.startsWith("slides/");
  const isOpen = !isSlide || view.content.opened.peek().has(board);
  const [sheet, shown] = await Promise.all([sheetOf(view, board), shownOn(view, board, isOpen ? PATIENCE_MS : SLIDE_PATIENCE_MS)]);
  const canvas = document.createElement("canvas");
  canvas.width = PIXELS;
  canvas.height = Math.round(PIXELS / sheet.ratio);
  const context = canvas.getContext("2d");
  if (context === null || (isSlide ? sheet.picture : shown) === null) return null;
  paintPage(context, new Map(), PIXELS, sheet.ratio);
  context.setTransform(1, 0, 0, 1, 0, 0);
  if (sheet.picture !== null) context.drawImage(sheet.picture, 0, 0, canvas.width, canvas.height);
  paintShapes(context, shown ?? new Map<string, string>(), PIXELS);
  return canvas;
}

const imageOf = (canvas: HTMLCanvasElement, type: string): Promise<Blob | null> => new Promise((resolve) => canvas.toBlob(resolve, type, 0.92));

/** What is on a board as soon as it is known; null when that takes too long. */
async function shownOn(view: RoomView, board: string, patienceMs: number): Promise<BoardModel["shown"] | null> {
  const { reader, close } = readBoard(view, board);
  try {
    return await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), patienceMs);
      const look = () => {
        if (!reader.model.isKnown()) return;
        clearTimeout(timer);
        forget();
        resolve(new Map(reader.model.shown));
      };
      const forget = reader.listen(look);
      look();
    });
  } finally {
    close();
  }
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), PATIENCE_MS);
}
