/** A teacher without a mouse holds a whole lesson, and always sees where the focus is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import * as board from "./board-page.mjs";
import { byKeys } from "./keys-page.mjs";
import { close, isGone, isIn, knock, meet, part, plain, press } from "./lesson-page.mjs";
import { vote } from "./polls-page.mjs";
import { kindsFor } from "./pairs.mjs";
import { startRelay } from "./relay.mjs";
import * as slides from "./slides-page.mjs";
import { eventually } from "./wait.mjs";

/** The receipt comes when everything of the room was measured again. */
const RECEIPT_MS = 60_000;
const CHOOSER_MS = 8_000;
const TRIES_MAX = 3;
/** How high a form is that a key draws, and a few of a form's steps (web/src/ui/board/keys.ts). */
const DRAWN_HEIGHT_PX = 100;
const STEPS = 3;

const shows = ({ page }, name) => page.waitForSelector(part(name));

/** A panel by its letter, and away again. */
async function inPanel(teacher, keys, letter, name, body) {
  await keys.press(letter);
  await shows(teacher, name);
  await keys.isKept(`opening ${name}`);
  await body();
  await keys.press("Escape");
  await isGone(teacher, name);
  await keys.isKept(`closing ${name}`);
}

async function joins(teacher, keys, link) {
  await teacher.page.goto(link);
  await shows(teacher, "consent-seen");
  await keys.write("join-name", teacher.name);
  for (const medium of ["seen", "heard", "read"]) {
    await keys.use(`consent-${medium}`, " ");
    assert.equal(await teacher.page.$eval(part(`consent-${medium}`), (box) => box.checked), true, medium);
  }
  await keys.use("join-button");
  await isIn(teacher);
  await keys.isKept("joining");
}

async function lets(teacher, keys, relay, people, kind) {
  await inPanel(teacher, keys, "e", "room-sheet", async () => {
    await keys.use("entry-ask", " ");
    await keys.write("waiting-message", "Gleich");
    await keys.press("Enter");
  });
  const student = await knock(kind, relay.studentLink, "Ayla", plain);
  people.push(student);
  await shows(student, "waiting");
  await inPanel(teacher, keys, "p", "people-panel", async () => {
    await keys.use("admit");
    await isIn(student);
    await keys.isKept("letting in the last one who waits");
  });
  await inPanel(teacher, keys, "e", "room-sheet", async () => {
    await keys.use("preset-lecture", " ");
    await teacher.page.waitForSelector(`${part("preset-lecture")}[aria-pressed="true"]`);
  });
  return student;
}

/** Chooses a file as the browser's own window does for whoever presses Enter on the button. */
async function brings(teacher, keys, path) {
  const { kind, page } = teacher;
  await keys.to("slides-input");
  if (kind === "firefox") {
    await (await page.evaluateHandle(() => document.activeElement)).uploadFile(path);
    return;
  }
  for (let tries = 1; ; tries += 1) {
    // A busy browser without a window now and then opens none for the first press.
    const chooser = await Promise.all([page.waitForFileChooser({ timeout: CHOOSER_MS }), keys.press("Enter")]).then(([opened]) => opened, (error) => error);
    if (!(chooser instanceof Error)) return chooser.accept([path]);
    if (tries === TRIES_MAX) throw chooser;
  }
}

async function presents(teacher, keys, student) {
  const { RED, GREEN } = slides;
  await inPanel(teacher, keys, "f", "files-panel", async () => {
    await brings(teacher, keys, slides.file("Wasser.pdf", slides.pdf([{ colour: RED, words: "eins" }, { colour: GREEN, words: "zwei" }])));
    await slides.sees(teacher, 0, RED);
  });
  // The first page is shown before the second has come.
  await teacher.page.waitForSelector(`${part("slide-next")}[aria-disabled="false"]`);
  await keys.press("ArrowRight");
  await slides.sees(student, 1, GREEN);
  await keys.use("slide-previous");
  await slides.sees(student, 0, RED);
  await keys.isKept("turning to the first page");
  await keys.use("slide-close");
  await isGone(teacher, "slide");
  await keys.isKept("closing the slides");
}

async function talks(teacher, keys, student) {
  await inPanel(teacher, keys, "c", "chat-panel", async () => {
    await keys.write("chat-input", "Guten Morgen");
    await keys.press("Enter");
    await shows(teacher, "chat-message");
  });
  await press(student, "chat-toggle");
  await eventually("the student to read it", async () => /Guten Morgen/.test(await student.page.$eval(part("chat-list"), (list) => list.textContent)));
  await press(student, "panel-close");
}

async function asks(teacher, keys, student) {
  await inPanel(teacher, keys, "u", "polls-panel", async () => {
    await keys.write("poll-question", "Fließt Wasser bergab?");
    await keys.use("poll-ask");
    await keys.isKept("asking");
    await vote(student, 0);
    await teacher.page.waitForSelector(`${part("poll-bar")}[data-count="1"]`);
    await keys.use("poll-close");
    await isGone(teacher, "poll-close");
    await keys.isKept("closing the question");
    await keys.use("poll-publish");
    await student.page.waitForSelector(`${part("poll-bar")}[data-count="1"]`);
  });
  await press(student, "panel-close");
}

async function callsOn(teacher, keys, student) {
  await press(student, "hand-toggle");
  await inPanel(teacher, keys, "p", "people-panel", async () => {
    await keys.use("call-on");
    await shows(student, "speak-request");
    await keys.isKept("calling on the only one");
    await press(student, "speak-no");
  });
}

async function parts(teacher, keys, student) {
  await inPanel(teacher, keys, "g", "breakouts-panel", async () => {
    await keys.use("breakouts-open");
    await shows(student, "breakout-bar");
    await keys.isKept("opening groups");
    await keys.use("close-now");
    await isGone(student, "breakout-bar");
    await keys.isKept("closing groups");
  });
}

/** A form, moved by arrows, and a text: without a pointer. */
async function draws(teacher, keys, student) {
  await keys.press("w");
  await shows(teacher, "board-tool");
  await keys.to("board-paper");
  await keys.press("7");
  await keys.press("Enter");
  for (const person of [teacher, student]) await board.become(person, 1);
  const edge = await teacher.page.$eval(".board-sheet", (sheet, height) => [0.5, 0.5 - height / 2 / sheet.getBoundingClientRect().height], DRAWN_HEIGHT_PX);
  await eventually("the upper edge of a rectangle in the middle", async () => (await board.ink(student, edge)) > 100);
  for (let step = 0; step < STEPS; step += 1) await keys.press("Shift", "ArrowDown");
  await eventually("the rectangle to be elsewhere", async () => (await board.ink(student, edge)) === 0);
  await keys.press("9");
  await keys.press("Enter");
  await keys.write("board-text", "Wolke");
  for (const person of [teacher, student]) await board.become(person, 2);
  await keys.press("Escape");
  await isGone(teacher, "board-text");
  await keys.isKept("writing on the board");
  await keys.press("w");
  await isGone(teacher, "board");
  await keys.isKept("closing the board");
}

async function ends(teacher, keys, student) {
  await keys.use("end-room");
  await shows(teacher, "end-dialog");
  await keys.press("Escape");
  await isGone(teacher, "end-dialog");
  await keys.isKept("not ending");
  await keys.press("Enter");
  await keys.use("end-confirm");
  await shows(student, "end-ended");
  await teacher.page.waitForSelector(part("receipt"), { timeout: RECEIPT_MS });
  await keys.isKept("ending");
  await keys.to("receipt-save");
}

async function lesson(kind, studentKind) {
  const relay = await startRelay();
  const people = [];
  try {
    const teacher = await meet(kind, "Frau Beispiel");
    people.push(teacher);
    const keys = byKeys(teacher);
    await joins(teacher, keys, relay.teacherLink);
    const student = await lets(teacher, keys, relay, people, studentKind);
    await presents(teacher, keys, student);
    await talks(teacher, keys, student);
    await asks(teacher, keys, student);
    await callsOn(teacher, keys, student);
    await parts(teacher, keys, student);
    await draws(teacher, keys, student);
    await ends(teacher, keys, student);
    for (const person of people) assert.deepEqual(person.errors, [], `${person.name}'s page has no errors`);
  } finally {
    await close(people);
    await relay.stop();
  }
}

for (const kind of kindsFor("firefox")) {
  test(`a whole lesson by keys alone, the focus always somewhere and seen, by a teacher in ${kind}`, () => lesson(kind, kind === "firefox" ? "chromium" : "firefox"));
}
