/**
 * Takes the pictures of docs/: the join screen, administration, a lively room, a whiteboard, and what a teacher leads with, in the sizes
 * of a phone, a tablet and a desktop, light and dark; then every view there is, smaller, in German and English too.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DESKTOP } from "./browsers.mjs";
import { everyView } from "./every-view.mjs";
import { close, enter, listened, part, press, say } from "./lesson-page.mjs";
import { EVERY_LOOK, wear } from "./looks.mjs";
import { ask, vote } from "./polls-page.mjs";
import { ROOT, startRelay } from "./relay.mjs";
import { DOORS, administer, clear, reach } from "./views.mjs";
import { eventually } from "./wait.mjs";

const SIZES = [390, 820, 1440];
const HEIGHTS = { 390: 844, 820: 1180, 1440: 900 };
const DIRECTORY = join(ROOT, "docs");
mkdirSync(join(DIRECTORY, "screens"), { recursive: true });

async function show(page, width, scheme) {
  await page.setViewport({ width, height: HEIGHTS[width] });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  // Two frames: layout has settled.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

async function shoot(page, name) {
  for (const width of SIZES) {
    for (const scheme of ["light", "dark"]) {
      await show(page, width, scheme);
      await page.screenshot({ path: join(DIRECTORY, "screens", `${name}-${width}-${scheme}.png`) });
    }
  }
  await show(page, 1440, "light");
  await page.screenshot({ path: join(DIRECTORY, `${name}.png`) });
}

/** The teacher's room: hands in the list of people, a question with answers, the room's settings. */
async function shootLeading(teacher, students) {
  const { page } = teacher;
  for (const student of students.slice(0, 2)) await press(student, "hand-toggle");
  await reach(teacher, "timer");
  await press(teacher, "timer-preset");
  await reach(teacher, "people");
  await page.waitForFunction((hands) => document.querySelectorAll(hands).length === 2, {}, part("raised-hand"));
  await shoot(page, "people");
  await reach(teacher, "lines");
  await shoot(page, "lines");
  await reach(teacher, "polls");
  await ask(teacher, "Wohin fließt der Regen zuerst?", { kind: "choice", options: "In die Bäche\nIns Meer\nIn die Wolken" });
  for (const [index, student] of students.entries()) await vote(student, index % 2);
  await page.waitForFunction((bar) => document.querySelector(bar)?.dataset.count === "2", {}, part("poll-bar"));
  await shoot(page, "polls");
  await reach(teacher, "room settings");
  await shoot(page, "leading");
}

/** A place of the whiteboard's sheet, in shares of it, on the screen. */
const onSheet = (page, [x, y]) =>
  page.$eval(".board-sheet", (sheet, shareX, shareY) => {
    const { left, top, width, height } = sheet.getBoundingClientRect();
    return [left + width * shareX, top + height * shareY];
  }, x, y);

async function draw(page, tool, colour, places) {
  await page.$eval(`${part("board-tool")}[data-tool="${tool}"]`, (button) => button.click());
  await page.$eval(`${part("board-colour")}[data-colour="${colour}"]`, (button) => button.click());
  const [first, ...others] = await Promise.all(places.map((place) => onSheet(page, place)));
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const place of others) await page.mouse.move(...place, { steps: 4 });
  await page.mouse.up();
}

/** The teacher's whiteboard, with what a lesson about water leaves on it. */
async function shootBoard(teacher) {
  const { page } = teacher;
  await reach(teacher, "board");
  const wave = (y) => Array.from({ length: 60 }, (_, step) => [0.08 + step * 0.007, y + 0.03 * Math.sin(step / 3)]);
  for (const y of [0.72, 0.79, 0.86]) await draw(page, "pen", 1, wave(y));
  await draw(page, "ellipse", 4, [[0.78, 0.08], [0.92, 0.32]]);
  await draw(page, "arrow", 2, [[0.25, 0.65], [0.32, 0.3]]);
  await draw(page, "arrow", 2, [[0.68, 0.3], [0.75, 0.62]]);
  await draw(page, "marker", 6, [[0.38, 0.24], [0.62, 0.24]]);
  await draw(page, "rectangle", 3, [[0.62, 0.68], [0.92, 0.92]]);
  await draw(page, "text", 0, [[0.4, 0.2]]);
  await (await page.waitForSelector(part("board-text"))).type("Wolken");
  await page.keyboard.press("Escape");
  await page.waitForFunction((paper) => document.querySelector(paper)?.dataset.shapes === "9", {}, part("board-paper"));
  await shoot(page, "board");
  await press(teacher, "board-toggle");
}

/** Of 100. */
const QUALITY = 55;

/** One view as it is, in every language, colour and size. */
async function shootView({ page }, name) {
  const place = name.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  for (const look of EVERY_LOOK) {
    const [language, theme] = look;
    const directory = join(DIRECTORY, "screens", language);
    mkdirSync(directory, { recursive: true });
    await wear(page, look);
    for (const width of SIZES) {
      await show(page, width, theme);
      await page.screenshot({ path: join(directory, `${place}-${width}-${theme}.webp`), type: "webp", quality: QUALITY });
    }
  }
  await page.setViewport(DESKTOP);
}

const SECRET = "a-secret-for-the-pictures";

/** The page for whoever looks after the server, with the lesson that is on. */
async function shootAdmin(browser) {
  const page = await browser.newPage();
  await administer({ page }, new URL(relay.teacherLink).origin, SECRET);
  for (const [rooms, title] of [[2, "Elternabend 7b"], [3, "Förderstunde Mathe"]]) {
    await (await page.waitForSelector(part("admin-title"))).type(title);
    await press({ page }, "admin-make");
    await page.waitForFunction((line, count) => document.querySelectorAll(line).length === count, {}, part("admin-room"), rooms);
  }
  await page.waitForFunction((figures) => document.querySelector(figures)?.textContent.includes("Mbit/s"), {}, part("admin-figures"));
  await shoot(page, "admin");
  await page.close();
}

const relay = await startRelay(["--admin-secret", SECRET]);
const people = [];
try {
  const teacher = await enter("chromium", relay.teacherLink, "Frau Beispiel", { camera: true, microphone: true, isCoded: false });
  people.push(teacher);
  for (const name of ["Ayla", "Ben", "Cem", "Dana"]) {
    people.push(await enter("chromium", relay.studentLink, name, { camera: name === "Ayla", isCoded: false }));
  }
  const student = people.at(-1);

  const { browser, page } = student;
  const lobby = await browser.newPage();
  await DOORS.join({ page: lobby }, relay.studentLink);
  await lobby.type(part("join-name"), "Emil");
  await shoot(lobby, "join");
  await lobby.close();
  await shootAdmin(browser);
  await page.bringToFront();

  const drawn = ({ reports }) => Object.values(reports.at(-1)?.pictures ?? {});
  await eventually(
    "both pictures",
    async () => drawn(await listened(student)).filter(({ framesDecoded }) => framesDecoded > 30).length === 2,
    30_000,
  );
  await say(teacher, "Guten Morgen! Heute geht es um das Wasser der Erde.");
  await say(people[1], "Guten Morgen, Frau Beispiel");
  await say(people[2], "Morgen!");
  await say(teacher, "Wer mag erklären, wohin der Regen fließt?");
  await show(page, 1440, "light");
  await reach(student, "chat");
  await eventually("four messages", async () => (await page.$$(part("chat-message"))).length === 4);
  await shoot(page, "room");
  await show(teacher.page, 1440, "light");
  await clear(teacher);
  await shootBoard(teacher);
  await shootLeading(teacher, people.slice(1));
} finally {
  await close(people);
  await relay.stop();
}

await everyView("chromium", shootView);
