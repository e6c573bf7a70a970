/** Boards as files: one as PNG, all pages as PDF. */

import type { RoomView } from "../view.ts";
import { paint, prepare } from "./paint.ts";
import { pdfOf } from "./pdf.ts";
import type { PdfPage } from "./pdf.ts";
import { readBoard } from "./reader.ts";
import { PAGE_WIDTH } from "../../room/boards/shape.ts";

const RATIO = 16 / 9;
/** Sharp on paper: 220 dots an inch on A4. */
const PIXELS = 2_400;
/** A page that does not come in this time is left out. */
const PATIENCE_MS = 15_000;

/** Paints a whole board on white, so many pixels wide. */
export function paintPage(context: CanvasRenderingContext2D, shown: ReadonlyMap<string, string>, pixels: number): void {
  const scale = pixels / PAGE_WIDTH;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, pixels, pixels / RATIO);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  for (const written of shown.values()) {
    const shape = prepare(written);
    if (shape !== null) paint(context, shape);
  }
}

export async function savePng(view: RoomView, board: string): Promise<void> {
  const image = await imageOf(view, board, "image/png");
  if (image !== null) save(image, `${fileName(view)}.png`);
}

export async function savePdf(view: RoomView): Promise<void> {
  const pages: PdfPage[] = [];
  for (const { id } of view.store.room.peek().boards.pages) {
    const image = await imageOf(view, id, "image/jpeg");
    if (image !== null) pages.push({ jpeg: new Uint8Array(await image.arrayBuffer()), width: PIXELS, height: Math.round(PIXELS / RATIO) });
  }
  if (pages.length > 0) save(pdfOf(pages), `${fileName(view)}.pdf`);
}

const fileName = (view: RoomView): string => view.store.room.peek().title.replaceAll(/[^\p{L}\p{N} _-]/gu, "") || "Mosaik";

async function imageOf(view: RoomView, board: string, type: string): Promise<Blob | null> {
  const { reader, close } = readBoard(view, board);
  try {
    const isKnown = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), PATIENCE_MS);
      const look = () => {
        if (!reader.model.isKnown()) return;
        clearTimeout(timer);
        forget();
        resolve(true);
      };
      const forget = reader.listen(look);
      look();
    });
    const canvas = document.createElement("canvas");
    canvas.width = PIXELS;
    canvas.height = Math.round(PIXELS / RATIO);
    const context = canvas.getContext("2d");
    if (!isKnown || context === null) return null;
    paintPage(context, reader.model.shown, PIXELS);
    return await new Promise((resolve) => canvas.toBlob(resolve, type, 0.92));
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
