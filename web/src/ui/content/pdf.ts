/** Pages out of a PDF, drawn on this device; loaded by who opens one. */

import { getDocument, PDFWorker } from "pdfjs-dist/build/pdf.mjs";
import type { Matrix, Page, TextItem } from "pdfjs-dist/build/pdf.mjs";
import { assetUrl } from "../../assets.ts";
import type { RunPlace } from "./runs.ts";
import type { Source, SourcePage } from "./sources.ts";

/** How far letters reach above their line, where a font does not say it. */
const ASCENT = 0.8;
/** What leans more is no line that one selects. */
const LEAN_MAX = 0.02;

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
      const { items, styles } = await page.getTextContent();
      const { transform } = page.getViewport({ scale: 1_000 / width });
      const pieces = items.filter((item) => "str" in item);
      return pieces.map((item) => ({ text: item.str, endsLine: item.hasEOL, place: placeOf(item, transform, styles[item.fontName]?.ascent) }));
    },
  };
}

/** Where a piece of text lies on a page that is 1,000 wide; null for one that leans. */
function placeOf({ str, transform, width }: TextItem, view: Matrix, ascent = ASCENT): RunPlace | null {
  const [a, b, c, d, left, baseline] = combined(view, transform);
  const height = Math.hypot(c, d);
  const isLevel = Math.abs(b) <= LEAN_MAX * Math.abs(a) && a > 0;
  if (!isLevel || str.trim() === "" || height === 0) {
    return null;
  }
  return { left, top: baseline - height * ascent, width: width * Math.hypot(view[0], view[1]), height };
}

function combined([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}
