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

test("two draw on one board, and see the same", () => lesson(["chromium", "firefox"], together));
test("the same the other way round", () => lesson(["firefox", "chromium"], together));
test("everyone has a board of their own, and one of them is shown to all", () => lesson(["chromium", "firefox", "chromium"], own));
