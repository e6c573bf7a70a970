/** Entry of the worker that reads PDF, which only who opens one loads. */

// oxlint-disable-next-line import/no-unassigned-import -- it listens by itself
import "pdfjs-dist/build/pdf.worker.mjs";
