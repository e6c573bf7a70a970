/** Who was there when: a teacher sees it and takes it home as a table, students are told that it is so. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { enter, hold, part, press } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { eventually } from "./wait.mjs";

/** A name that a spreadsheet would take for a formula. */
const FORMULA = '=HYPERLINK("x")';

/** Keeps what the page offers as a file, beside its name. */
async function keepFiles(page) {
  await page.evaluateOnNewDocument(() => {
    globalThis.files = [];
    const offer = URL.createObjectURL;
    let offered;
    URL.createObjectURL = (blob) => offer.call(URL, (offered = blob));
    const click = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = async function () {
      if (!this.download) return click.call(this);
      globalThis.files.push({ name: this.download, bytes: [...new Uint8Array(await offered.arrayBuffer())] });
    };
  });
}

const rows = ({ page }) => page.$$eval(part("attendee"), (all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));

/** Minutes without a line and minutes away of the student, and whether they are there, as the teacher reads it now. */
async function missed(teacher) {
  await press(teacher, "attendance-renew");
  const [, , left, , line, absent] = (await rows(teacher))[1];
  return { isHere: left === teacher.words.attendance.stillHere, line, absent };
}
const isThere = (teacher, wanted) => eventually(`the student to be ${wanted ? "there" : "away"}`, async () => (await missed(teacher)).isHere === wanted, 60_000);

/** A line that is cut is another thing than somebody who goes; both are told in tenths of a minute, so as often as it takes. */
async function toldApart(teacher, student, { line }) {
  await eventually("minutes without a line", async () => {
    line.cut();
    await isThere(teacher, false);
    line.mend();
    await isThere(teacher, true);
    return (await missed(teacher)).line !== "0";
  }, 120_000);
  const { line: without, absent } = await missed(teacher);
  assert.equal(absent, "0", "who lost the line was not absent");
  await eventually("minutes away", async () => {
    await press(student, "leave");
    await isThere(teacher, false);
    await press(student, "rejoin");
    await press(student, "join-button");
    await isThere(teacher, true);
    return (await missed(teacher)).absent !== "0";
  }, 120_000);
  assert.equal((await missed(teacher)).line, without, "who went did not lose the line");
}

async function lesson([teacher, student], relay) {
  await press(student, "people-toggle");
  await student.page.waitForSelector(part("people-panel"));
  assert.equal(await student.page.$(part("attendance-open")), null);
  assert.match(await student.page.$eval(part("people-panel"), (panel) => panel.textContent), new RegExp(student.words.attendance.told));

  const words = teacher.words.attendance;
  await press(teacher, "people-toggle");
  await press(teacher, "attendance-open");
  await eventually("two people", async () => (await rows(teacher)).length === 2);
  assert.deepEqual((await rows(teacher)).map(([name, , left]) => [name, left]), [["Frau Beispiel", words.stillHere], [FORMULA, words.stillHere]]);
  await toldApart(teacher, student, relay);
  await press(student, "leave");
  await student.page.waitForSelector(part("end-left"));
  await isThere(teacher, false);
  assert.match((await rows(teacher))[1][2], /\d?\d:\d\d/);

  await press(teacher, "attendance-save");
  const file = await eventually("the file", () => teacher.page.evaluate(() => globalThis.files[0]));
  assert.match(file.name, new RegExp(`^${words.file}-demo-\\d{4}-\\d\\d-\\d\\d\\.csv$`));
  assert.deepEqual(file.bytes.slice(0, 3), [0xef, 0xbb, 0xbf], "a German Excel knows it as UTF-8 by its first bytes");
  const lines = new TextDecoder().decode(new Uint8Array(file.bytes)).split("\r\n");
  assert.equal(lines.length, 4);
  assert.equal(lines[0].replace("\uFEFF", ""), [words.name, words.role, words.came, words.left, words.here, words.line, words.absent].join(";"));
  const { decimal } = teacher.words.poll;
  assert.match(lines[1], new RegExp(`^Frau Beispiel;${teacher.words.room.moderator};\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d;${words.stillHere};\\d+\\${decimal}\\d;0\\${decimal}0;0\\${decimal}0$`));
  assert.ok(lines[2].startsWith(`"'=HYPERLINK(""x"")";${words.viewer};`), lines[2]);
}

/** What the only file that the page offered says, line by line. */
async function savedLines({ page }) {
  const file = await eventually("the file", () => page.evaluate(() => globalThis.files[0]));
  return new TextDecoder().decode(new Uint8Array(file.bytes)).split("\r\n");
}

const read = ({ page }, selector) => page.$eval(selector, (element) => element.textContent);

async function keptForDays(people, relay, language) {
  const [teacher, student] = people;
  await press(student, "people-toggle");
  await student.page.waitForSelector(part("people-panel"));
  assert.match(await read(student, part("people-panel")), new RegExp(student.words.attendance.kept(2)));
  await press(teacher, "end-room");
  await press(teacher, "end-confirm");
  await teacher.page.waitForSelector(part("receipt"));
  assert.match(await read(teacher, part("receipt")), new RegExp(teacher.words.attendance.onlyKept(2)));
  const left = await teacher.page.$$eval(part("receipt-part"), (all) => all.filter((row) => !row.lastElementChild.textContent.startsWith("0 ")).map((row) => row.dataset.kind));
  assert.deepEqual(left, ["attendance"]);
  await student.page.waitForSelector(part("end-ended"));

  const next = await enter(teacher.kind, relay.teacherLink, "Herr Muster", { prepare: keepFiles, language });
  people.push(next);
  await press(next, "people-toggle");
  await press(next, "attendance-open");
  await eventually("the lesson before", async () => (await next.page.$$(part("earlier-lesson"))).length === 1);
  assert.match(await read(next, part("earlier-lesson")), new RegExp(`${next.words.attendance.people(2)} · ${next.words.attendance.keptUntil("")}`));
  await press(next, "earlier-save");
  const lines = await savedLines(next);
  assert.deepEqual(lines.slice(1, 3).map((line) => line.split(";")[0]), ["Frau Beispiel", "Ayla"]);
  assert.ok(!lines.some((line) => line.includes(next.words.attendance.stillHere)), "nobody is there still");
  await press(next, "earlier-forget");
  await press(next, "earlier-confirm");
  await eventually("it to be gone", async () => (await next.page.$$(part("earlier-lesson"))).length === 0);
}

for (const pair of pairs("firefox")) {
  test(`who lost the line and who went are told apart, and a teacher takes it home: ${pair.name}`, () => hold(pair.kinds(), { prepare: keepFiles, names: [FORMULA], isCut: true, language: pair.language }, lesson));
}
for (const pair of pairs("chromium")) {
  test(`a school has it kept for two days, and a teacher deletes it: ${pair.name}`, () =>
    hold(pair.kinds(), { prepare: keepFiles, names: ["Ayla"], args: ["--retention", "2"], language: pair.language }, (people, relay) => keptForDays(people, relay, pair.language)));
}
