/** What we use of pdfjs-dist, whose own types want a library for servers. */

declare module "pdfjs-dist/build/pdf.mjs" {
  export interface Viewport {
    readonly width: number;
    readonly height: number;
  }

  export interface Page {
    getViewport(options: { readonly scale: number }): Viewport;
    render(options: { readonly canvasContext: CanvasRenderingContext2D; readonly viewport: Viewport; readonly background: string }): {
      readonly promise: Promise<void>;
    };
    getTextContent(): Promise<{ readonly items: readonly ({ readonly str: string; readonly hasEOL: boolean } | { readonly type: string })[] }>;
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
