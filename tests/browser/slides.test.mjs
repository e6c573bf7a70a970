/**
 * Slides and files on several pages: a PDF and a picture that a teacher opens are what students see, pages are
 * turned, drawn on and looked at alone, who comes late or again finds them, and files arrive byte for byte.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { close, enter, hold, openPanel, part, plain, press } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { BLUE, GREEN, RED, become, draw, file, hash, isInked, isNear, keepSaved, pdf, pen, pick, png, saved, sees, slide } from "./slides-page.mjs";
import { eventually } from "./wait.mjs";
import { WAYS, startBehindLine } from "./ways.mjs";

const words = ({ page }) => page.$eval(part("slide-text"), (text) => text.textContent);

const lesson = ({ kinds, language }, body) => hold(kinds(), { ...plain, language }, (people, relay) => body(relay, people));

/** The words lie where they are on the picture (40 from the left, on a line 320 below the top, of 640 by 360) and can be selected. */
async function isSelectable({ page }) {
  const found = await page.evaluate(() => {
    const layer = document.querySelector('[data-testid="slide-layer"]');
    const picture = document.querySelector('[data-testid="slide-picture"]').getBoundingClientRect();
    const word = layer.querySelector("span").getBoundingClientRect();
    getSelection().selectAllChildren(layer);
    const selected = getSelection().toString();
    getSelection().removeAllRanges();
    const hit = document.elementFromPoint(word.x + word.width / 2, word.y + word.height / 2);
    return { selected, isOnTop: layer.contains(hit), left: (word.left - picture.left) / picture.width, top: (word.top - picture.top) / picture.width, width: word.width / picture.width, bottom: (word.bottom - picture.top) / picture.width };
  });
  assert.match(found.selected, /Rot ist warm/);
  assert.ok(found.isOnTop, "a press reaches the words");
  assert.ok(Math.abs(found.left - 40 / 640) < 0.01, JSON.stringify(found));
  assert.ok(found.top < 310 / 640 && found.bottom > 318 / 640 && found.bottom < 335 / 640, JSON.stringify(found));
  assert.ok(found.width > 0.17 && found.width < 0.25, JSON.stringify(found));
}

/** What was saved last, as a picture of which two places are looked at. */
const picture = ({ page }, places) =>
  page.evaluate(async (shares) => {
    const file = globalThis.saved.at(-1);
    if (file?.blob.type !== "image/png") return undefined;
    const bitmap = await createImageBitmap(file.blob);
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const colours = shares.map(([x, y]) => [...context.getImageData(Math.round(x * bitmap.width), Math.round(y * bitmap.height), 1, 1).data.slice(0, 3)]);
    return { size: [bitmap.width, bitmap.height], colours };
  }, places);

/** The slide is saved with what is drawn on it, alone and with all others, and shown so in the strip. */
async function saves(teacher) {
  const { page } = teacher;
  await eventually("a drawing in the strip", () => page.$eval(`${part("slide-thumb")}[data-page="0"] canvas`, ({ dataset }) => dataset.shapes === "2"));
  await keepSaved(teacher);
  await press(teacher, "slide-save");
  await press(teacher, "slide-png");
  const saved = await eventually("the picture", () => picture(teacher, [[0.45, 0.3], [0.9, 0.1]]), 30_000);
  assert.deepEqual(saved.size, [2_400, 1_350]);
  assert.ok(saved.colours[0][0] < 120, "the stroke is on it");
  assert.ok(isNear(saved.colours[1], RED), "the slide is below it");
  await press(teacher, "slide-save");
  await press(teacher, "slide-pdf");
  const pages = await eventually("the PDF", () => page.evaluate(async () => {
    const file = globalThis.saved.at(-1);
    return file.blob.type === "application/pdf" && [...new TextDecoder("latin1").decode(await file.blob.arrayBuffer()).matchAll(/MediaBox \[0 0 842 474\]/g)].length;
  }), 60_000);
  assert.equal(pages, 3);
}

const wide = ({ page }) => page.$eval(part("slide-picture"), (picture) => picture.getBoundingClientRect().width);

/** Each looks as near as they like. */
async function zooms(teacher, student) {
  const [ours, theirs] = [await wide(teacher), await wide(student)];
  await press(teacher, "slide-zoom-in");
  await eventually("a larger page", async () => (await wide(teacher)) > ours * 1.2);
  assert.equal(await wide(student), theirs, "it is the teacher's alone");
  await press(student, "slide-zoom-in");
  await eventually("a larger page for the student", async () => (await wide(student)) > theirs * 1.2);
  for (const person of [teacher, student]) await press(person, "slide-zoom-out");
  await eventually("both as before", async () => (await wide(teacher)) === ours && (await wide(student)) === theirs);
}

async function slides(relay, people) {
  const [teacher, student] = people;
  const deck = file("Farben.pdf", pdf([{ colour: RED, words: "Rot ist warm" }, { colour: GREEN, words: "Gras ist" }, { colour: BLUE, words: "Blau ist das Meer" }]));
  await pick(teacher, "slides-input", deck);
  await sees(student, 0, RED);
  await sees(teacher, 0, RED);
  await eventually("what is written on it", async () => (await words(student)).includes("Rot ist warm"));
  await isSelectable(student);
  // The sharp picture comes behind the first one, by itself.
  await sees(student, 0, RED, "sharp");

  await press(teacher, "slide-next");
  await sees(student, 1, GREEN);
  await teacher.page.keyboard.press("ArrowRight");
  await sees(student, 2, BLUE);
  await eventually("the words of the page", async () => (await words(student)).includes("Meer"));

  // Who looks at another page alone stays there until they follow again.
  await student.page.keyboard.press("PageUp");
  await sees(student, 1, GREEN);
  assert.equal((await slide(student)).following, "false");
  await press(teacher, "slide-previous");
  await press(teacher, "slide-previous");
  await sees(teacher, 0, RED);
  assert.equal((await slide(student)).page, 1, "a page that one looks at alone is not taken away");
  await press(student, "slide-follow");
  await sees(student, 0, RED);

  const late = await enter(student.kind, relay.studentLink, "Kind 9", plain);
  people.push(late);
  await sees(late, 0, RED);

  await teacher.page.reload();
  await press(teacher, "join-button");
  await sees(teacher, 0, RED);
  assert.equal((await slide(late)).page, 0, "the slides stay while the teacher is away");
  await press(teacher, "slide-next");
  await sees(late, 1, GREEN);

  await (await teacher.page.waitForSelector(`${part("slide-thumb")}[data-page="2"]`)).click();
  await sees(student, 2, BLUE);
  await zooms(teacher, student);

  await pick(teacher, "slides-input", file("Gelb.png", png([250, 220, 0])));
  await sees(student, 0, [250 / 255, 220 / 255, 0]);
  await openPanel(teacher, "files");
  const decks = async () => (await teacher.page.$$(part("deck"))).length;
  await eventually("both decks in the list", async () => (await decks()) === 2);
  await press(teacher, "slide-close");
  await eventually("the stage without slides", async () => (await student.page.$(part("slide"))) === null);
  await press(teacher, "deck-show");
  await student.page.waitForSelector(part("slide"));
  for (const left of [1, 0]) {
    await press(teacher, "deck-remove");
    await eventually(`${left} to be left`, async () => (await decks()) === left);
  }
  await eventually("the stage without what was removed", async () => (await student.page.$(part("slide"))) === null);
}

async function drawn(relay, people) {
  const [teacher, student] = people;
  await pick(teacher, "slides-input", file("Zeichnen.pdf", pdf([{ colour: RED, words: "eins" }, { colour: GREEN, words: "zwei" }, { colour: BLUE, words: "drei" }])));
  await press(teacher, "files-toggle");
  await sees(teacher, 0, RED);
  await become(student, 0, 0);
  await draw(teacher, [[0.2, 0.3], [0.7, 0.3]]);
  await pen(teacher);
  await become(teacher, 0, 0);
  await draw(teacher, [[0.2, 0.3], [0.7, 0.3]]);
  await become(student, 0, 1);
  await isInked(student, [0.45, 0.3]);
  await sees(student, 0, RED);

  // Pages are turned by their keys while one draws, and each has its own strokes.
  await teacher.page.keyboard.press("ArrowRight");
  await sees(student, 1, GREEN);
  await become(student, 1, 0);
  await become(teacher, 1, 0);
  await draw(teacher, [[0.2, 0.5], [0.7, 0.5]]);
  await draw(teacher, [[0.2, 0.6], [0.7, 0.6]]);
  await become(student, 1, 2);

  // What is chosen is moved by the same keys.
  await teacher.page.keyboard.press("1");
  await draw(teacher, [[0.45, 0.5]]);
  await teacher.page.keyboard.press("ArrowRight");
  await teacher.page.keyboard.press("Delete");
  await become(student, 1, 1);
  assert.equal((await slide(teacher)).page, 1);
  await teacher.page.keyboard.press("2");

  // Who looks alone sees what was drawn there, and draws along.
  await student.page.keyboard.press("PageUp");
  await become(student, 0, 1);
  await isInked(student, [0.45, 0.3]);
  await pen(student);
  await draw(student, [[0.2, 0.8], [0.7, 0.8]]);
  await become(student, 0, 2);
  await press(student, "slide-follow");
  await become(student, 1, 1);

  const late = await enter(student.kind, relay.studentLink, "Kind 9", plain);
  people.push(late);
  await become(late, 1, 1);
  await isInked(late, [0.45, 0.6]);
  await press(teacher, "slide-previous");
  await become(late, 0, 2);
  await isInked(late, [0.45, 0.8]);
  await saves(teacher);

  await press(teacher, "room-settings");
  await press(teacher, "lock-all-whiteboard");
  await eventually("the tools to go", async () => (await student.page.$(part("slide-tools"))) === null && (await student.page.$(part("slide-draw"))) === null);
  await become(student, 0, 2);
}

async function files(_relay, [teacher, student]) {
  // Two parts and a bit, so that the seams are in it.
  const bytes = Buffer.from(Array.from({ length: 4_300_000 }, (_, at) => (at * 31 + (at >> 8)) & 0xff));
  await pick(teacher, "file-input", file("Messwerte.dat", bytes));
  await press(student, "files-toggle");
  await student.page.waitForSelector(`${part("file")}[data-name="Messwerte.dat"]`, { timeout: 60_000 });
  await keepSaved(student);
  await press(student, "file-download");
  const got = await eventually("the file", () => saved(student), 60_000);
  assert.deepEqual(got, { name: "Messwerte.dat", type: "application/octet-stream", hash: hash(bytes) });

  assert.equal(await student.page.$(part("file-input")), null, "students are offered nothing that is locked");
  await pick(teacher, "file-input", file("Bild.png", Buffer.from("<!doctype html><script>alert(1)</script>")));
  await teacher.page.waitForSelector(`${part("upload")}[data-name="Bild.png"][data-refused="wrongContent"]`);
  await pick(teacher, "slides-input", file("Bild.svg", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>")));
  await teacher.page.waitForSelector(`${part("upload")}[data-name="Bild.svg"][data-refused="wrongContent"]`);

  await press(teacher, "room-settings");
  // By itself: the sheet's last line may lie over it.
  await (await teacher.page.waitForSelector(part("lock-all-files"))).evaluate((lock) => lock.click());
  await teacher.page.keyboard.press("Escape");
  const homework = Buffer.from("Meine Lösung: 42");
  await pick(student, "file-input", file("Lösung.txt", homework));
  await teacher.page.waitForSelector(`${part("file")}[data-name="Lösung.txt"]`);
  await (await student.page.waitForSelector(`${part("file")}[data-name="Lösung.txt"] ${part("file-remove")}`)).click();
  await eventually("the file to be gone", async () => (await teacher.page.$(`${part("file")}[data-name="Lösung.txt"]`)) === null);
}

/** A teacher's line is cut in the middle of an upload, which goes on when it is back. */
async function cut(way) {
  const relay = await startBehindLine(["--idle-timeout", "5"]);
  if (way === "webSocket") relay.line.blockUdp();
  const people = [];
  try {
    people.push(await enter("chromium", relay.behind(relay.teacherLink), "Frau Beispiel", plain));
    people.push(await enter("firefox", relay.studentLink, "Kind 1", plain));
    const [teacher, student] = people;
    const bytes = Buffer.alloc(12_000_000, "Messwerte 12,5 ");
    await pick(teacher, "file-input", file("Messreihe.dat", bytes));
    const progress = `${part("upload")} progress`;
    await teacher.page.waitForFunction((bar) => document.querySelector(bar)?.value > 0, { polling: 20 }, progress);
    relay.line.cut();
    await teacher.page.waitForSelector('[data-testid="status-banner"][data-state="reconnecting"]', { timeout: 30_000 });
    const before = await teacher.page.$eval(progress, (bar) => bar.value);
    assert.ok(before < bytes.length, "the upload was over before the line was cut");
    relay.line.mend();
    await press(student, "files-toggle");
    await student.page.waitForSelector(`${part("file")}[data-name="Messreihe.dat"]`, { timeout: 120_000 });
    await keepSaved(student);
    await press(student, "file-download");
    const got = await eventually("the file", () => saved(student), 60_000);
    assert.equal(got.hash, hash(bytes));
    assert.equal(await teacher.page.$(part("upload")), null, "the uploader sees that it is done");
    for (const person of people) assert.deepEqual(person.errors, []);
  } finally {
    await close(people);
    await relay.stop();
  }
}

for (const pair of pairs("chromium")) {
  test(`slides are seen, turned, and looked at alone: ${pair.name}`, () => lesson(pair, slides));
  test(`what is drawn over a slide stays with its page: ${pair.name}`, () => lesson(pair, drawn));
}
for (const pair of pairs("firefox")) {
  test(`files arrive byte for byte, and what is no file is refused: ${pair.name}`, () => lesson(pair, files));
}
for (const way of WAYS) {
  test(`an upload goes on after its line was cut, over ${way}`, () => cut(way));
}
