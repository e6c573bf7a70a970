/** Pages out of a PDF, drawn on this device; loaded by who opens one. */

import { getDocument, PDFWorker } from "pdfjs-dist/build/pdf.mjs";
import type { Page } from "pdfjs-dist/build/pdf.mjs";
import { assetUrl } from "../../assets.ts";
import type { Source, SourcePage } from "./sources.ts";

/** What a page's text has at most; the room takes 20,000 bytes. */
const TEXT_CHARS_MAX = 6_000;

/** Opens a PDF; null when it is none, or is locked with a password. */
export async function openPdf(file: Blob): Promise<Source | null> {
  const worker = new Worker(assetUrl("ui/content/pdf.worker"), { name: "pdf" });
  const end = (): void => worker.terminate();
  try {
    const data = new Uint8Array(await file.arrayBuffer());
    // The page's policy lets nothing be evaluated, and nothing is fetched from elsewhere.
    const loading = getDocument({ data, worker: PDFWorker.fromPort({ port: worker }), isEvalSupported: false, useSystemFonts: true, enableXfa: false });
    const pdf = await loading.promise;
    const page = async (index: number): Promise<SourcePage> => pageOf(await pdf.getPage(index + 1));
    return { length: pdf.numPages, page, close: end };
  } catch {
    end();
    return null;
  }
}

function pageOf(page: Page): SourcePage {
  const { width, height } = page.getViewport({ scale: 1 });
  return {
    width,
    height,
    isScalable: true,
    draw: async (canvas, context) => {
      const viewport = page.getViewport({ scale: canvas.width / width });
      await page.render({ canvasContext: context, viewport, background: "#ffffff" }).promise;
    },
    text: async () => {
      const { items } = await page.getTextContent();
      const words = items.map((item) => ("str" in item ? `${item.str}${item.hasEOL ? "\n" : ""}` : ""));
      return words.join("").trim().slice(0, TEXT_CHARS_MAX);
    },
  };
}
