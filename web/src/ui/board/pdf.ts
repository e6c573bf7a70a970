/** Writes a PDF whose pages are JPEG images (ISO 32000-1, 7.5). */

export interface PdfPage {
  readonly jpeg: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** A4 lying, in points. */
const PAGE_WIDTH = 842;

/** Of a page: behind the catalog and the list of pages. */
const first = (index: number): number => 3 + index * 3;

const stream = (dictionary: string, content: string | Uint8Array<ArrayBuffer>) =>
  [`<< ${dictionary} /Length ${content.length} >>\nstream\n`, content, "\nendstream"] as const;

export function pdfOf(pages: readonly PdfPage[]): Blob {
  const parts: (string | Uint8Array<ArrayBuffer>)[] = ["%PDF-1.4\n"];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  const add = (part: string | Uint8Array<ArrayBuffer>): void => {
    parts.push(part);
    length += part.length;
  };
  const object = (number: number, ...content: (string | Uint8Array<ArrayBuffer>)[]): void => {
    offsets[number] = length;
    add(`${number} 0 obj\n`);
    content.forEach(add);
    add("\nendobj\n");
  };
  object(1, "<< /Type /Catalog /Pages 2 0 R >>");
  object(2, `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, index) => `${first(index)} 0 R`).join(" ")}] >>`);
  pages.forEach(({ jpeg, width, height }, index) => {
    const number = first(index);
    const pageHeight = Math.round((PAGE_WIDTH * height) / width);
    const box = `/MediaBox [0 0 ${PAGE_WIDTH} ${pageHeight}]`;
    object(number, `<< /Type /Page /Parent 2 0 R ${box} /Resources << /XObject << /I ${number + 1} 0 R >> >> /Contents ${number + 2} 0 R >>`);
    const image = `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode`;
    object(number + 1, ...stream(image, jpeg));
    object(number + 2, ...stream("", `q ${PAGE_WIDTH} 0 0 ${pageHeight} 0 0 cm /I Do Q`));
  });
  const start = length;
  const count = first(pages.length);
  const entries = Array.from({ length: count - 1 }, (_, index) => `${String(offsets[index + 1] ?? 0).padStart(10, "0")} 00000 n \n`);
  add(`xref\n0 ${count}\n0000000000 65535 f \n${entries.join("")}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`);
  return new Blob(parts, { type: "application/pdf" });
}
