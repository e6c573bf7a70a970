/** Where slides come from: a PDF, or pictures. */

import type { Run } from "./runs.ts";

/** A page that can be drawn in any size. */
export interface SourcePage {
  readonly width: number;
  readonly height: number;
  /** Whether it is sharp in any size. */
  readonly isScalable: boolean;
  /** Fills a canvas of the page's shape. */
  draw(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D): Promise<void>;
  /** What is written on it, and where. */
  text(): Promise<readonly Run[]>;
}

export interface Source {
  readonly length: number;
  page(index: number): Promise<SourcePage>;
  close(): void;
}

/** What a browser draws and what runs nothing. */
export const PICTURE_TYPES: readonly string[] = ["image/png", "image/jpeg", "image/webp"];

const bitmap = (file: File) => createImageBitmap(file).catch(() => null);

/** Opens pictures, a page each; null when one of them is none. Nothing but what is seen leaves this device. */
export async function openPictures(files: readonly File[]): Promise<Source | null> {
  if (files.some(({ type }) => !PICTURE_TYPES.includes(type))) {
    return null;
  }
  // Looked at beforehand, so that nobody is shown half of them.
  for (const file of files) {
    const tried = await bitmap(file);
    if (tried === null) return null;
    tried.close();
  }
  return {
    length: files.length,
    page: async (index) => {
      const file = files[index];
      const picture = file === undefined ? null : await bitmap(file);
      if (picture === null) throw new Error("the picture is gone");
      const { width, height } = picture;
      return {
        width,
        height,
        isScalable: false,
        draw: async (canvas, context) => {
          context.fillStyle = "#ffffff";
          context.fillRect(0, 0, canvas.width, canvas.height);
          context.drawImage(picture, 0, 0, canvas.width, canvas.height);
        },
        text: async () => [],
      };
    },
    close: () => undefined,
  };
}
