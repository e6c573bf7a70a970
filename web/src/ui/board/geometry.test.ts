/** An eraser takes what it touches and nothing beside it; the page never leaves its place. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeShape } from "../../room/boards/shape.ts";
import type { Point, ShapeKind } from "../../room/boards/shape.ts";
import { fitted, kept, moved, onPage, pageOf, zoomed } from "./camera.ts";
import { touches } from "./geometry.ts";
import { pdfOf } from "./pdf.ts";

const shape = (kind: ShapeKind, points: readonly Point[], words = "") =>
  encodeShape({ kind, colour: 0, width: 0, points, hasPressure: false, words });

test("a form is touched at its line, a text where it is written", () => {
  const corners: readonly Point[] = [[1_000, 1_000], [5_000, 3_000]];
  for (const kind of ["line", "arrow", "rectangle", "ellipse"] as const) {
    const isOutline = kind === "rectangle" || kind === "ellipse";
    assert.equal(touches(shape(kind, corners), { x: 3_000, y: 2_000 }, 50), !isOutline, kind);
  }
  assert.ok(touches(shape("rectangle", corners), { x: 1_000, y: 2_000 }, 50));
  assert.ok(touches(shape("ellipse", corners), { x: 3_000, y: 1_000 }, 50));
  assert.ok(!touches(shape("ellipse", corners), { x: 1_000, y: 1_000 }, 50));
  assert.ok(touches(shape("text", [[1_000, 1_000]], "Hallo"), { x: 1_300, y: 1_200 }, 10));
  assert.ok(!touches(shape("text", [[1_000, 1_000]], "Hallo"), { x: 900, y: 900 }, 10));
  assert.ok(touches(shape("pen", [[10, 10]]), { x: 10, y: 10 }, 1));
  assert.ok(!touches("no shape", { x: 0, y: 0 }, 1_000));
});

test("the page stays in its place however it is moved, and what is pointed at stays under the finger", () => {
  const [size, page] = [{ width: 800, height: 500 }, pageOf(16 / 9)];
  const whole = fitted(size, page);
  assert.deepEqual(kept(moved(whole, 500, -300), size, page), whole);
  const at = { x: 200, y: 250 };
  const near = kept(zoomed(whole, 4, at), size, page);
  const [before, after] = [onPage(whole, at), onPage(near, at)];
  assert.ok(Math.abs(before.x - after.x) < 1 && Math.abs(before.y - after.y) < 1);
  const far = kept(moved(near, 100_000, -100_000), size, page);
  assert.equal(far.x, 0);
  assert.ok(Math.abs(far.y + page.height * far.scale - size.height) < 1e-6);
  assert.equal(kept(zoomed(whole, 0.1, at), size, page).scale, whole.scale);
});

test("a PDF says where each of its objects is", async () => {
  const jpeg = new Uint8Array([0xff, 0xd8, 1, 2, 3, 0xff, 0xd9]);
  const bytes = new Uint8Array(await pdfOf([{ jpeg, width: 160, height: 90 }, { jpeg, width: 160, height: 90 }]).arrayBuffer());
  const text = Buffer.from(bytes).toString("latin1");
  const start = Number(/startxref\n(\d+)\n/.exec(text)?.[1]);
  assert.ok(text.startsWith("%PDF-1.4") && text.slice(start).startsWith("xref\n0 9\n"));
  const offsets = [...text.slice(start).matchAll(/^(\d{10}) 00000 n /gm)].map(([, offset]) => Number(offset));
  offsets.forEach((offset, index) => assert.ok(text.slice(offset).startsWith(`${index + 1} 0 obj\n`), `object ${index + 1}`));
  assert.match(text, /\/Count 2 \/Kids \[3 0 R 6 0 R\]/);
});
