/** What people do with slides and files, and what to make them of. */

import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { part, press } from "./lesson-page.mjs";
import { eventually } from "./wait.mjs";

const directory = mkdtempSync(join(tmpdir(), "mosaik-slides-"));

/** A PDF by hand: each page is one colour with its words on it. */
export function pdf(pages) {
  const objects = ["<< /Type /Catalog /Pages 2 0 R >>", `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, index) => `${4 + index * 2} 0 R`).join(" ")}] >>`, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"];
  for (const [index, { colour, words }] of pages.entries()) {
    const drawing = `${colour.join(" ")} rg 0 0 640 360 re f 0 0 0 rg BT /F1 24 Tf 40 40 Td (${words}) Tj ET`;
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 640 360] /Contents ${5 + index * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`);
    objects.push(`<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`);
  }
  let text = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = places.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  return Buffer.from(`${text}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`, "latin1");
}

/** A PNG of one colour by hand. */
export function png([red, green, blue], width = 64, height = 48) {
  const crcs = Array.from({ length: 256 }, (_, n) => Array.from({ length: 8 }).reduce((c) => (c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1), n));
  const crc = (bytes) => (bytes.reduce((c, byte) => crcs[(c ^ byte) & 0xff] ^ (c >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.of(0), ...Array.from({ length: width }, () => Buffer.of(red, green, blue))]);
  const rows = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

export const RED = [1, 0, 0];
export const GREEN = [0, 0.6, 0];
export const BLUE = [0, 0, 1];

/** Writes a file to share. */
export function file(name, bytes) {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

/** Chooses a file in the panel of files: `slides-input` or `file-input`. */
export async function pick(person, input, path) {
  if (!(await person.page.$(part("files-panel")))) await press(person, "files-toggle");
  await (await person.page.waitForSelector(part(input))).uploadFile(path);
}

/** The page on the stage, and the colour in the middle of its picture, 0 to 255; null while there is none. */
export function slide({ page }) {
  return page.evaluate(async () => {
    const shown = document.querySelector('[data-testid="slide"]');
    const picture = shown?.querySelector('[data-testid="slide-picture"]');
    if (!picture?.complete || picture.naturalWidth === 0) return null;
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext("2d");
    context.drawImage(picture, picture.naturalWidth / 2, picture.naturalHeight / 4, 1, 1, 0, 0, 1, 1);
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    return { page: Number(shown.dataset.page), form: shown.dataset.form, colour: [red, green, blue], following: shown.dataset.following };
  });
}

export const isNear = (found, wanted) => found.every((value, index) => Math.abs(value - wanted[index] * 255) < 12);

/** Waits until this page is on the stage, in its colour. */
export async function sees(person, page, colour, form) {
  let last;
  await eventually(
    `${person.name} to see page ${page}`,
    async () => {
      last = await slide(person);
      return last?.page === page && isNear(last.colour, colour) && (form === undefined || last.form === form);
    },
    60_000,
  ).catch((error) => {
    throw new Error(`${error.message}: ${JSON.stringify(last)}`);
  });
}

const shapes = ({ page }) => page.$eval(`${part("slide")} ${part("board-paper")}`, (paper) => `${paper.dataset.board} ${paper.dataset.shapes}`);
/** Waits until so many shapes are drawn over a page of the first deck. */
export const become = (person, board, count) => eventually(`${person.name} to see ${count} shapes on ${board}`, async () => (await shapes(person).catch(() => undefined)) === `slides/1/${board} ${count}`, 30_000);

/** Draws with the mouse from one share of the slide to another. */
export async function draw({ page }, places) {
  const on = await page.$eval(part("slide-picture"), (picture) => {
    const { left, top, width, height } = picture.getBoundingClientRect();
    return { left, top, width, height };
  });
  const [first, ...others] = places.map(([x, y]) => [on.left + on.width * x, on.top + on.height * y]);
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const place of others) await page.mouse.move(...place, { steps: 6 });
  await page.mouse.up();
}

/** Whether something is drawn at a share of the slide. */
export const isInked = (person, place) =>
  eventually(`${person.name} to see ink at ${place}`, () =>
    person.page.evaluate((x, y) => {
      const slide = document.querySelector('[data-testid="slide-picture"]').getBoundingClientRect();
      return [...document.querySelectorAll(".slide-overlay canvas")].some((canvas) => {
        const box = canvas.getBoundingClientRect();
        const scale = canvas.width / box.width;
        const { data } = canvas.getContext("2d").getImageData((slide.left + slide.width * x - box.left) * scale - 2, (slide.top + slide.height * y - box.top) * scale - 2, 5, 5);
        return data.some((value, index) => index % 4 === 3 && value > 100);
      });
    }, ...place),
  );

/** Takes the pen that draws over slides. */
export const pen = async (person) => {
  await person.page.waitForSelector(`${part("slide-draw")}:not([disabled])`);
  await press(person, "slide-draw");
  await person.page.waitForSelector(`${part("slide-tools")} ${part("board-tool")}`);
};

export const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Has the page keep what it saves instead of the browser. */
export const keepSaved = ({ page }) =>
  page.evaluate(() => {
    globalThis.saved = [];
    const blobs = new Map();
    const address = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      const url = address.call(URL, blob);
      blobs.set(url, blob);
      return url;
    };
    HTMLAnchorElement.prototype.click = function () {
      globalThis.saved.push({ name: this.download, blob: blobs.get(this.href) });
    };
  });

/** What was saved first: its name, type and SHA-256. */
export const saved = ({ page }) =>
  page.evaluate(async () => {
    const [file] = globalThis.saved;
    if (file === undefined) return undefined;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.blob.arrayBuffer()));
    return { name: file.name, type: file.blob.type, hash: [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
  });
