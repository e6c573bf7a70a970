/**
 * The whiteboard on several pages: what one draws the others see, live and later; undo, eraser, locks, own
 * boards, and one of them for all.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { become, choose, draw, ink, shapes } from "./board-page.mjs";
import { close, enter, hold, part, plain, press } from "./lesson-page.mjs";
import { eventually } from "./wait.mjs";

const lesson = (kinds, body) => hold(kinds, plain, body);

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

  const late = await enter("chromium", relay.studentLink, "Kind 3", plain);
  try {
    await become(late, 3);
    await isInked(late, [0.4, 0.15]);
  } finally {
    await close([late]);
  }
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
  await press(teacher, "board-show-nameless");
  await become(teacher, 1);
  await press(second, "board-shared");
  await become(second, 1);
  await isInked(second, [0.4, 0.3]);
  const title = await second.page.$eval(part("board-page"), (text) => text.textContent);
  assert.doesNotMatch(title, /Kind/, "nobody is named");
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
  test(`two fingers enlarge and move the page in ${kind}, and draw nothing`, () => lesson([kind], fingers));
}
test("what is undone lies where it lay", () => lesson(["chromium", "firefox"], order));
test("the same from Firefox to Chromium", () => lesson(["firefox", "chromium"], order));
test("two draw on one board, and see the same", () => lesson(["chromium", "firefox"], together));
test("the same the other way round", () => lesson(["firefox", "chromium"], together));
test("everyone has a board of their own, and one of them is shown to all", () => lesson(["chromium", "firefox", "chromium"], own));
