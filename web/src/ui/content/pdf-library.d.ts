/** What we use of pdfjs-dist, whose own types want a library for servers. */

declare module "pdfjs-dist/build/pdf.mjs" {
  export interface Viewport {
    readonly width: number;
    readonly height: number;
    readonly transform: Matrix;
  }

  /** As PDF has it: x' = a x + c y + e, y' = b x + d y + f. */
  export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

  export interface TextItem {
    readonly str: string;
    readonly hasEOL: boolean;
    readonly transform: Matrix;
    readonly width: number;
    readonly fontName: string;
  }

  export interface Page {
    getViewport(options: { readonly scale: number }): Viewport;
    render(options: { readonly canvasContext: CanvasRenderingContext2D; readonly viewport: Viewport; readonly background: string }): {
      readonly promise: Promise<void>;
    };
    getTextContent(): Promise<{
      readonly items: readonly (TextItem | { readonly type: string })[];
      readonly styles: Readonly<Record<string, { readonly ascent?: number }>>;
    }>;
  }

  export interface Document {
    readonly numPages: number;
    getPage(number: number): Promise<Page>;
  }

  export interface Options {
    readonly data: Uint8Array;
    readonly worker: WorkerOfPort;
    readonly isEvalSupported: boolean;
    readonly useSystemFonts: boolean;
    readonly enableXfa: boolean;
  }

  export interface WorkerOfPort {
    readonly port: Worker;
  }

  export const PDFWorker: { fromPort(options: { readonly port: Worker }): WorkerOfPort };

  export function getDocument(options: Options): { readonly promise: Promise<Document> };
}

declare module "pdfjs-dist/build/pdf.worker.mjs" {}
