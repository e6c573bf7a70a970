/**
 * One lesson from its first minute to its last, in German and in English: a teacher, a student at a desk and one
 * with a phone wait and are let in, listen, look, are heard, answer, work in groups, take a file home, and leave nothing.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as board from "./board-page.mjs";
import { CODE, installCamera } from "./camera.mjs";
import { beginsWithNothing, close, enter, hears, isGone, isIn, knock, namesOnStage, openPanel, own, part, plain, press, pressTool, watch } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { ask, becomes, vote } from "./polls-page.mjs";
import { startRelay } from "./relay.mjs";
import * as slides from "./slides-page.mjs";
import { startSound } from "./sound.mjs";
import { eventually } from "./wait.mjs";

/** Without it Firefox plays nothing, and has no microphone. */
let sound;
before(async () => (sound = await startSound()));
after(() => sound.stop());

const PHONE = { width: 390, height: 844 };

const text = async ({ page }, name) => (await page.waitForSelector(part(name))).evaluate((element) => element.textContent);
const isOn = ({ page }, tool) => page.$eval(part(tool), (button) => button.ariaPressed === "true");
const becomesOn = (person, tool, wanted = true) => eventually(`${tool} of ${person.name} to be ${wanted ? "on" : "off"}`, async () => (await isOn(person, tool)) === wanted);
const closePanel = async (person) => {
  if (await person.page.$(part("panel-close"))) await press(person, "panel-close");
};

/** Does something in the sheet of the room's settings. */
async function setRoom(teacher, body) {
  await press(teacher, "room-settings");
  await teacher.page.waitForSelector(part("room-sheet"));
  await body();
  await teacher.page.keyboard.press("Escape");
  await isGone(teacher, "room-sheet");
}

/** Devices that can be seen and heard, also for who has none on at the door. */
async function bring(page) {
  await watch(page);
  await page.evaluateOnNewDocument(installCamera, CODE, true, {});
}

/** Both knock, read what the teacher says and are let in: one, then all who wait. */
async function letIn(relay, kinds, device, people) {
  const [teacher] = people;
  await setRoom(teacher, async () => {
    await press(teacher, "entry-ask");
    await (await teacher.page.waitForSelector(part("waiting-message"))).type("08:00");
    await teacher.page.keyboard.press("Enter");
  });
  const look = await teacher.browser.newPage();
  await look.goto(relay.studentLink);
  await beginsWithNothing(look);
  await look.close();
  await teacher.page.bringToFront();
  const ayla = await knock(kinds[1], relay.studentLink, "Ayla", { agrees: ["heard", "read"], prepare: bring, ...device });
  people.push(ayla);
  const ben = await knock(kinds[2], relay.studentLink, "Ben", { camera: true, microphone: true, viewport: PHONE, ...device });
  people.push(ben);
  const cem = await knock(kinds[1], relay.studentLink, "Cem", { ...plain, agrees: [], ...device });
  people.push(cem);
  for (const student of [ayla, ben, cem]) {
    assert.ok((await text(student, "waiting")).includes(student.words.door.youWait.title));
    await eventually(`${student.name} to read the message`, async () => (await text(student, "waiting-notice")).includes("08:00"));
    assert.equal(await student.page.$(part("chat-toggle")), null, "who waits sees nothing of the room");
  }
  await openPanel(teacher, "people");
  await eventually("three to wait", async () => (await teacher.page.$$(part("waiting-person"))).length === 3);
  const first = await teacher.page.$$eval(part("waiting-person"), (all) => all.find((one) => one.textContent.includes("Ayla")).dataset.participant);
  await press(teacher, "admit", `[data-participant="${first}"]`);
  await isIn(ayla);
  assert.ok(await ben.page.$(part("waiting")), "the others wait still");
  await press(teacher, "admit-all");
  await Promise.all([ben, cem].map(isIn));
  await isGone(teacher, "waiting-person");
  await press(cem, "leave");
  await cem.page.waitForSelector(part("end-left"));
  await eventually("three to be left", async () => (await namesOnStage(teacher)).join() === "Ayla,Ben,Frau Beispiel");
  return [teacher, ayla, ben];
}

/** Ayla wants to be heard and read, and not seen: she is asked when she would be. */
async function notSeen(teacher, ayla) {
  await press(ayla, "cam-toggle");
  await ayla.page.waitForSelector(`${part("consent-question")}[data-medium="seen"]`);
  await press(ayla, "consent-no");
  await isGone(ayla, "consent-question");
  assert.equal(await isOn(ayla, "cam-toggle"), false);
  await eventually("Ben's picture", () => teacher.page.$(`${part("tile")}[aria-label^="Ben,"][data-picture="true"]`), 60_000);
  assert.equal(await teacher.page.$(`${part("tile")}[aria-label^="Ayla,"][data-picture="true"]`), null);
}

/** One tap, and nobody but the teacher speaks; who tries is told why. */
async function lecture(teacher, ayla, ben) {
  assert.equal(await isOn(ben, "mic-toggle"), true);
  await setRoom(teacher, () => press(teacher, "preset-lecture"));
  await becomesOn(ben, "mic-toggle", false);
  await press(ayla, "mic-toggle");
  for (const student of [ayla, ben]) {
    const told = await text(student, "lock-told");
    const { mic, cam } = student.words.lead.told;
    assert.ok([mic, cam].some(({ title }) => told.includes(title)), told);
    assert.equal(await isOn(student, "mic-toggle"), false);
    await (await student.page.waitForSelector(`${part("lock-told")} button`)).click();
    await isGone(student, "lock-told");
  }
  assert.equal(await isOn(teacher, "mic-toggle"), true);
}

async function shown(teacher, ayla, ben) {
  const { RED, GREEN } = slides;
  await slides.pick(teacher, "slides-input", slides.file("Wasser.pdf", slides.pdf([{ colour: RED, words: "eins" }, { colour: GREEN, words: "zwei" }])));
  await closePanel(teacher);
  for (const person of [teacher, ayla, ben]) await slides.sees(person, 0, RED);
  await slides.pen(teacher);
  await slides.become(teacher, 0, 0);
  await slides.draw(teacher, [[0.2, 0.3], [0.7, 0.3]]);
  for (const student of [ayla, ben]) {
    await slides.become(student, 0, 1);
    await slides.isInked(student, [0.45, 0.3]);
  }
  await press(teacher, "slide-next");
  for (const student of [ayla, ben]) {
    await slides.sees(student, 1, GREEN);
    await slides.become(student, 1, 0);
  }
  await press(teacher, "slide-close");
  await isGone(ben, "slide");
}

/** Who is called on speaks in the lecture, until the microphone is off again. */
async function calledOn(teacher, ayla, ben) {
  await press(ayla, "hand-toggle");
  await openPanel(teacher, "people");
  await press(teacher, "call-on", part("raised-hand"));
  assert.ok((await text(ayla, "speak-request")).includes(ayla.words.hand.request));
  assert.equal(await isOn(ayla, "mic-toggle"), false, "nobody else switches it on");
  await press(ayla, "speak-yes");
  await becomesOn(ayla, "mic-toggle");
  await hears(teacher, [ayla]);
  await eventually("the teacher to see her speak", () => teacher.page.$(`${part("tile")}[aria-label^="Ayla,"][data-speaking="true"]`), 30_000).catch(async (error) => {
    throw new Error(`${error.message}: ${JSON.stringify(await teacher.page.evaluate(() => globalThis.mosaikEyes.levels()))}`);
  });
  await press(ayla, "mic-toggle");
  await ayla.page.waitForSelector(`${part("mic-toggle")}[data-locked="true"]`);
  await press(ben, "hand-toggle");
  await teacher.page.waitForSelector(part("raised-hand"));
  await press(teacher, "hand-lower");
  await becomesOn(ben, "hand-toggle", false);
}

async function asked(teacher, ayla, ben) {
  await ask(teacher, "Wie fließt Wasser?", { kind: "choice", options: "Bergab\nBergauf" });
  await vote(ayla, 0);
  await becomes(teacher, [1, 0]);
  await vote(ben, 1);
  await becomes(teacher, [1, 1]);
  await press(teacher, "poll-publish");
  for (const student of [ayla, ben]) {
    await becomes(student, [1, 1]);
    await closePanel(student);
  }
}

/** Each group has a board that the other one does not see; everyone comes back as they were. */
async function apart(teacher, ayla, ben) {
  await openPanel(teacher, "breakouts");
  await teacher.page.select(part("breakout-count"), "2");
  await press(teacher, "breakouts-free");
  await isGone(teacher, "breakouts-free");
  for (const [person, tool] of [[ayla, "mic-toggle"], [ben, "mic-toggle"], [ben, "cam-toggle"]]) {
    await press(person, tool);
    await becomesOn(person, tool);
  }
  await press(teacher, "breakouts-open");
  const places = [];
  for (const student of [ayla, ben]) places.push(await (await student.page.waitForSelector(part("breakout-bar"))).evaluate((bar) => bar.dataset.place));
  assert.deepEqual(places.toSorted(), ["1", "2"]);
  for (const student of [ayla, ben]) {
    await pressTool(student, "board-toggle");
    await board.become(student, 0);
    assert.match(await student.page.$eval(part("board-paper"), (paper) => paper.dataset.board), /^group\/\d+$/);
  }
  await board.draw(ayla, [[0.2, 0.3], [0.6, 0.3]]);
  await board.become(ayla, 1);
  await board.draw(ben, [[0.3, 0.5], [0.6, 0.6]]);
  await board.draw(ben, [[0.3, 0.7], [0.6, 0.8]]);
  await board.become(ben, 2);
  assert.equal(await board.shapes(ayla), "1", "another group's board is another group's");

  await press(teacher, "look-in", `${part("group")}[data-number="${places[0]}"]`);
  await hears(teacher, [ayla]);
  await board.become(teacher, 1);
  await eventually("the line to arrive", async () => (await board.ink(teacher, [0.4, 0.3])) > 100);
  await press(teacher, "breakout-back");
  await eventually("the teacher to be alone", async () => (await namesOnStage(teacher)).join() === "Frau Beispiel");
  await openPanel(teacher, "breakouts");
  await (await teacher.page.waitForSelector(part("tell-groups"))).type("5 min");
  await press(teacher, "tell-groups-send");
  for (const student of [ayla, ben]) {
    assert.match(await text(student, "breakout-notice"), /5 min/);
    await press(student, "breakout-read");
  }
  await press(teacher, "close-now");
  for (const person of [teacher, ayla, ben]) {
    await isGone(person, "breakout-bar");
    await eventually(`${person.name} to see everyone`, async () => (await namesOnStage(person)).join() === "Ayla,Ben,Frau Beispiel");
  }
  assert.deepEqual([await isOn(ayla, "mic-toggle"), await isOn(ayla, "cam-toggle")], [true, false], "Ayla is as she was");
  assert.deepEqual([await isOn(ben, "mic-toggle"), await isOn(ben, "cam-toggle")], [true, true], "Ben is as he was");
  await hears(teacher, [ayla, ben]);
  await compared(teacher, [ayla, ben]);
}

/** What the groups drew is there for everyone, page by page. */
async function compared(teacher, students) {
  await press(teacher, "board-toggle");
  await eventually("the last group's page", async () => (await text(teacher, "board-page")).includes(teacher.words.breakout.group(2)));
  await press(teacher, "board-before");
  await eventually("the first group's page", async () => (await text(teacher, "board-page")).includes(teacher.words.breakout.group(1)));
  const count = await eventually("what is on it", () => board.shapes(teacher));
  for (const student of students) await board.become(student, count);
  await press(teacher, "board-toggle");
  await isGone(students[0], "board-paper");
}

async function shared(teacher, ayla, ben) {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31 + (at >> 8)) & 0xff));
  await slides.pick(teacher, "file-input", slides.file("Messwerte.dat", bytes));
  for (const student of [ayla, ben]) {
    await openPanel(student, "files");
    await student.page.waitForSelector(`${part("file")}[data-name="Messwerte.dat"]`, { timeout: 60_000 });
    await slides.keepSaved(student);
    await press(student, "file-download");
    const got = await eventually(`${student.name}'s file`, () => slides.saved(student), 60_000);
    assert.equal(got.hash, slides.hash(bytes));
  }
}

async function ended(teacher, students) {
  await press(teacher, "end-room");
  await press(teacher, "end-confirm");
  for (const student of students) {
    assert.ok((await text(student, "end-ended")).includes(student.words.end.ended.title));
    assert.equal(await student.page.$(part("receipt")), null, "a student has none");
  }
  assert.ok((await text(teacher, "receipt")).includes(teacher.words.receipt.title));
  const after = await teacher.page.$$eval(part("receipt-part"), (rows) => rows.map((row) => Number.parseFloat([...row.querySelectorAll("td")][1].textContent)));
  assert.ok(after.length > 0 && after.every((count) => count === 0), after.join());
}

async function lesson({ kinds: kindsOf, language }) {
  const relay = await startRelay();
  const people = [];
  const kinds = kindsOf(2);
  const device = { language, env: sound.env };
  try {
    people.push(await enter(kinds[0], relay.teacherLink, "Frau Beispiel", { camera: true, microphone: true, ...device }));
    assert.equal(await people[0].page.$eval("html", (html) => html.lang), language);
    const [teacher, ayla, ben] = await letIn(relay, kinds, device, people);
    await notSeen(teacher, ayla);
    await lecture(teacher, ayla, ben);
    await shown(teacher, ayla, ben);
    await calledOn(teacher, ayla, ben);
    await asked(teacher, ayla, ben);
    await apart(teacher, ayla, ben);
    await shared(teacher, ayla, ben);
    await ended(teacher, [ayla, ben]);
    for (const person of people) assert.deepEqual(person.errors, [], `${person.name}'s page has no errors`);
  } finally {
    await close(people);
    await relay.stop();
  }
}

for (const pair of pairs("firefox")) {
  test(`a lesson from the door to its receipt: ${pair.name}`, () => lesson(pair));
}
