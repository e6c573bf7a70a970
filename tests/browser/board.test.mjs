/**
 * The whiteboard on several pages: what one draws the others see, live and later; undo, eraser, locks, own
 * boards, and one of them for all.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { become, choose, draw, ink, shapes } from "./board-page.mjs";
import { click } from "./lead-page.mjs";
import { close, enter, hold, part, plain, press } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { keepSaved } from "./slides-page.mjs";
import { eventually } from "./wait.mjs";

const lesson = ({ kinds, language }, count, body) => hold(kinds(count), { ...plain, language }, body);

const isInked = (person, place) => eventually(`${person.name} to see ink at ${place}`, async () => (await ink(person, place)) > 100);
const isBlank = (person, place) => eventually(`${person.name} to see nothing at ${place}`, async () => (await ink(person, place)) === 0);

const LINE = [[0.2, 0.3], [0.5, 0.3], [0.7, 0.3]];

async function together([teacher, student], relay) {
  await press(teacher, "board-toggle");
  await become(teacher, 0);
  await become(student, 0);
  await draw(teacher, LINE, true);
  await isInked(student, [0.4, 0.3]);
  await teacher.page.mouse.up();
  await become(student, 1);
  await choose(student, "rectangle");
  await draw(student, [[0.3, 0.5], [0.6, 0.8]]);
  await become(teacher, 2);
  await isInked(teacher, [0.45, 0.5]);
  await isBlank(teacher, [0.45, 0.65]);

  await choose(student, "text");
  await draw(student, [[0.65, 0.6]]);
  await (await student.page.waitForSelector(part("board-text"))).type("Hallo");
  await become(teacher, 3);
  await student.page.keyboard.press("Escape");
  await eventually("the word", () => teacher.page.$eval(".board-desk", (desk) => desk.textContent.includes("Hallo")));

  // A student's eraser takes what is theirs and nothing else.
  await choose(student, "eraser");
  await draw(student, [[0.4, 0.25], [0.4, 0.35]]);
  await draw(student, [[0.45, 0.45], [0.45, 0.55]]);
  await become(teacher, 2);
  await isBlank(teacher, [0.45, 0.5]);
  await isInked(teacher, [0.4, 0.3]);
  await press(student, "board-undo");
  await become(teacher, 3);
  await isInked(teacher, [0.45, 0.5]);

  // Undo is of one's own: the teacher's takes the teacher's line.
  await press(teacher, "board-undo");
  await become(student, 2);
  await isBlank(student, [0.4, 0.3]);
  await press(teacher, "board-redo");
  await become(student, 3);

  await choose(teacher, "select");
  await draw(teacher, [[0.4, 0.3], [0.4, 0.15]]);
  await isInked(student, [0.4, 0.15]);
  await isBlank(student, [0.4, 0.3]);

  await press(teacher, "board-more");
  await press(teacher, "board-lock");
  await eventually("the tools to go", async () => (await student.page.$(part("board-tool"))) === null);
  await draw(student, [[0.1, 0.9], [0.2, 0.9]]);
  await press(teacher, "board-add");
  await become(student, 0);
  await press(teacher, "board-before");
  await become(student, 3);

  const late = await enter(student.kind, relay.studentLink, "Kind 3", plain);
  try {
    await become(late, 3);
    await isInked(late, [0.4, 0.15]);
  } finally {
    await close([late]);
  }
  await press(teacher, "board-next");
  await become(student, 0);
  await everyTool(teacher, student);
  await savedAndRemoved(teacher, student);
}

/** Each tool that draws leaves one more shape where it was drawn; the laser none. */
async function everyTool(teacher, student) {
  await press(teacher, "board-add");
  await become(student, 0);
  const drawn = [
    ["marker", [[0.1, 0.2], [0.3, 0.2]], [0.2, 0.2]],
    ["line", [[0.4, 0.2], [0.6, 0.2]], [0.5, 0.2]],
    ["arrow", [[0.7, 0.2], [0.9, 0.2]], [0.8, 0.2]],
    ["ellipse", [[0.1, 0.4], [0.3, 0.6]], [0.1, 0.5]],
  ];
  for (const [index, [tool, places, seen]] of drawn.entries()) {
    await choose(teacher, tool);
    await draw(teacher, places);
    await become(student, index + 1);
    await eventually(`the ${tool}`, async () => (await ink(student, seen)) > 30);
  }
  await isBlank(student, [0.2, 0.5]);
  await choose(teacher, "laser");
  await draw(teacher, [[0.6, 0.5], [0.7, 0.6]], true);
  await eventually("the light", async () => (await ink(student, [0.7, 0.6])) > 30);
  await teacher.page.mouse.up();
  await choose(teacher, "pen");
  await teacher.page.mouse.move(5, 5);
  await isBlank(student, [0.7, 0.6]);
  await become(student, drawn.length);
}

const size = ({ page }) => page.evaluate(async () => {
  const file = globalThis.saved.at(-1);
  const head = new TextDecoder("latin1").decode(await file.blob.arrayBuffer());
  return { type: file.blob.type, pages: [...head.matchAll(/\/MediaBox/g)].length };
});

/** A page is saved as a picture and all as a PDF, by who leads and by a student; then pages are emptied and removed. */
async function savedAndRemoved(teacher, student) {
  for (const person of [teacher, student]) {
    await keepSaved(person);
    await press(person, "board-more");
    await press(person, "board-png");
    await eventually(`${person.name}'s picture`, async () => (await person.page.evaluate(() => globalThis.saved.at(-1)?.blob.type)) === "image/png", 30_000);
    const dark = await person.page.evaluate(async () => {
      const bitmap = await createImageBitmap(globalThis.saved.at(-1).blob);
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      context.drawImage(bitmap, 0, 0);
      const at = (x, y) => Math.min(...context.getImageData(bitmap.width * x - 4, bitmap.height * y - 4, 9, 9).data.filter((_, index) => index % 4 === 0));
      return { width: bitmap.width, line: at(0.5, 0.2), paper: at(0.5, 0.8) };
    });
    assert.equal(dark.width, 2_400);
    assert.ok(dark.line < 120 && dark.paper > 250, JSON.stringify(dark));
    await press(person, "board-more");
    await press(person, "board-pdf");
    await eventually(`${person.name}'s PDF`, async () => (await person.page.evaluate(() => globalThis.saved.at(-1)?.blob.type)) === "application/pdf", 60_000);
    assert.deepEqual(await size(person), { type: "application/pdf", pages: 3 });
  }
  assert.equal(await student.page.$(part("board-clear")), null, "students empty nothing");
  for (const twice of [1, 2]) {
    if (twice === 1) await press(teacher, "board-more");
    await press(teacher, "board-clear");
    if (twice === 1) assert.notEqual(await shapes(student), "0", "one press is not enough");
  }
  await become(student, 0);
  await press(teacher, "board-more");
  await press(teacher, "board-remove");
  await press(teacher, "board-remove");
  const title = ({ page }) => page.$eval(part("board-page"), (text) => text.textContent);
  await eventually("two pages to be left", async () => (await title(teacher)).includes(teacher.words.board.page(2, 2)));
  await press(teacher, "board-before");
  await become(student, 3);
  await press(teacher, "board-next");
  await become(student, 0);
  await eventually("the student to be on the same page", async () => (await title(student)).includes(student.words.board.page(2, 2)));
}

async function own([teacher, first, second]) {
  await press(teacher, "board-toggle");
  await press(teacher, "board-more");
  await press(teacher, "board-own-open");
  for (const student of [first, second]) await eventually("an own board", () => student.page.$(`${part("board-paper")}[data-board^="own/"]`));
  await become(first, 0);
  await draw(first, LINE);
  await become(first, 1);
  assert.equal(await shapes(second), "0", "another one's board is another one's");
  await eventually("the teacher to see it small", async () => {
    const all = await teacher.page.$$eval(`${part("class-board")} [data-shapes]`, (boards) => boards.map((board) => board.dataset.shapes).toSorted());
    return all.join() === "0,1";
  });
  const [board] = await teacher.page.$$(`${part("class-board")}:has([data-shapes="1"])`);
  await board.click();
  await become(teacher, 1);
  // By itself: without a device for sound Firefox's page says so over it.
  await click(teacher, "board-show-nameless");
  await become(teacher, 1);
  await press(second, "board-shared");
  await become(second, 1);
  await isInked(second, [0.4, 0.3]);
  const title = await second.page.$eval(part("board-page"), (text) => text.textContent);
  assert.doesNotMatch(title, /Kind/, "nobody is named");
  await press(teacher, "board-class");
  await (await teacher.page.waitForSelector(`${part("class-board")}:has([data-shapes="1"])`)).click();
  await become(teacher, 1);
  await click(teacher, "board-show-named");
  await eventually("the second student to read whose it is", async () =>
    (await second.page.$eval(part("board-page"), (text) => text.textContent)).includes(second.words.board.from(first.name)));
}

/** Two fingers, one after the other, from two places of the screen to two others. */
async function twoFingers({ page, kind }, from, to) {
  const between = (share) => from.map(([x, y], finger) => [x + (to[finger][0] - x) * share, y + (to[finger][1] - y) * share]);
  const steps = Array.from({ length: 10 }, (_, step) => between((step + 1) / 10));
  if (kind === "chromium") {
    const session = await page.createCDPSession();
    const send = (type, places) => session.send("Input.dispatchTouchEvent", { type, touchPoints: places.map(([x, y], id) => ({ x, y, id })) });
    await send("touchStart", from.slice(0, 1));
    await send("touchStart", from);
    for (const places of steps) await send("touchMove", places);
    await send("touchEnd", []);
    return session.detach();
  }
  // Firefox has no fingers to lend: their events, and nothing to capture them.
  return page.evaluate((first, moves) => {
    const canvas = document.querySelector(".board-top");
    canvas.setPointerCapture = () => undefined;
    const send = (type, [x, y], finger) =>
      canvas.dispatchEvent(new PointerEvent(type, { pointerId: 100 + finger, pointerType: "touch", isPrimary: finger === 0, clientX: x, clientY: y, bubbles: true, cancelable: true }));
    first.forEach((place, finger) => send("pointerdown", place, finger));
    for (const places of moves) places.forEach((place, finger) => send("pointermove", place, finger));
    moves.at(-1).forEach((place, finger) => send("pointerup", place, finger));
  }, from, steps);
}

/** How the sheet lies on the screen. */
const sheet = ({ page }) => page.$eval(".board-sheet", (element) => element.getBoundingClientRect().toJSON());
const isAbout = (found, wanted) => assert.ok(Math.abs(found - wanted) < 6, `${found} is not about ${wanted}`);

async function fingers([teacher]) {
  await press(teacher, "board-toggle");
  await become(teacher, 0);
  const whole = await sheet(teacher);
  const [x, y] = [whole.x + whole.width * 0.5, whole.y + whole.height * 0.45];
  await twoFingers(teacher, [[x - 60, y], [x + 60, y]], [[x - 150, y], [x + 150, y]]);
  const near = await eventually("an enlarged page", async () => {
    const now = await sheet(teacher);
    return now.width > whole.width * 2.2 && now;
  });
  isAbout(near.width, whole.width * 2.5);
  // What was between the fingers is there still.
  isAbout(near.x + near.width * 0.5, x);
  isAbout(near.y + near.height * 0.45, y);

  await twoFingers(teacher, [[x, y], [x + 120, y]], [[x - 80, y + 50], [x + 40, y + 50]]);
  const moved = await eventually("a moved page", async () => {
    const now = await sheet(teacher);
    return now.x < near.x - 60 && now;
  });
  isAbout(moved.width, near.width);
  isAbout(moved.x, near.x - 80);
  isAbout(moved.y, near.y + 50);
  await twoFingers(teacher, [[x - 150, y], [x + 150, y]], [[x - 20, y], [x + 20, y]]);
  await eventually("the whole page", async () => Math.abs((await sheet(teacher)).width - whole.width) < 2);
  await become(teacher, 0);
  await draw(teacher, LINE);
  await become(teacher, 1);
}

/** What is undone lies again where it lay, for everyone. */
async function order([teacher, student]) {
  await press(teacher, "board-toggle");
  await become(student, 0);
  for (const [ink, places] of [[2, [[0.3, 0.4], [0.7, 0.4]]], [1, [[0.5, 0.2], [0.5, 0.6]]]]) {
    const colour = await teacher.page.waitForSelector(`${part("board-colour")}[data-colour="${ink}"]`);
    await colour.evaluate((button) => button.click());
    await draw(teacher, places);
  }
  await become(student, 2);
  const colour = (person) =>
    person.page.evaluate(() => {
      const box = document.querySelector(".board-sheet").getBoundingClientRect();
      const canvas = document.querySelector(".board-layer");
      const at = canvas.getBoundingClientRect();
      const scale = canvas.width / at.width;
      const [red, , blue] = canvas.getContext("2d").getImageData((box.left + box.width * 0.5 - at.left) * scale, (box.top + box.height * 0.4 - at.top) * scale, 1, 1).data;
      return red > blue ? "red" : "blue";
    });
  const lies = (wanted) => async (person) => eventually(`${wanted} above, for ${person.name}`, async () => (await colour(person)) === wanted);
  await Promise.all([teacher, student].map(lies("blue")));
  // The lower one is erased and comes back below.
  await choose(teacher, "eraser");
  await draw(teacher, [[0.35, 0.35], [0.35, 0.45]]);
  await become(student, 1);
  await press(teacher, "board-undo");
  await become(student, 2);
  await isInked(student, [0.35, 0.4]);
  await isInked(teacher, [0.35, 0.4]);
  await Promise.all([teacher, student].map(lies("blue")));
}

for (const kind of ["chromium", "firefox"]) {
  test(`two fingers enlarge and move the page in ${kind}, and draw nothing`, () => hold([kind], plain, fingers));
}
for (const pair of pairs("chromium")) {
  test(`what is undone lies where it lay: ${pair.name}`, () => lesson(pair, 1, order));
  test(`everyone has a board of their own, and one of them is shown to all: ${pair.name}`, () => lesson(pair, 2, own));
}
for (const pair of pairs("firefox")) {
  test(`two draw on one board, and see the same: ${pair.name}`, () => lesson(pair, 1, together));
}
