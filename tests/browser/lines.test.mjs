/** A line that becomes slow: the student learns why the picture is smaller, the teacher whose line it is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { close, enter, part, plain, press } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { eventually } from "./wait.mjs";
import { startBehindLine } from "./ways.mjs";

/** Room for the lowest rendition of the camera, and for no other. */
const SLOW = 250_000;
/** A line is looked at every two seconds, told at the second look, and shown when it lasts; two cores are busy. */
const TOLD_MS = 60_000;

const grade = ({ page }) => page.$eval(part("line-toggle"), (bars) => bars.dataset.grade);
const isWeak = (of) => of === "fair" || of === "poor";
const NOTE = `${part("status-banner")}[data-state="line"]`;
const words = ({ page }, selector) => page.$eval(selector, (element) => element.textContent);

async function lesson({ teacher: teacherKind, student: studentKind, language }) {
  const relay = await startBehindLine();
  const people = [];
  try {
    const teacher = await enter(teacherKind, relay.teacherLink, "Frau Beispiel", { ...plain, camera: { grain: true }, language });
    people.push(teacher);
    const student = await enter(studentKind, relay.behind(relay.studentLink), "Ayla", { ...plain, language });
    people.push(student);
    await student.page.waitForSelector(`${part("tile")}[data-role="moderator"][data-picture="true"]`, { timeout: TOLD_MS });
    for (const person of people) await eventually(`${person.name}'s line to be known`, async () => (await grade(person)) !== "unknown", TOLD_MS);
    relay.line.slow(SLOW);
    await student.page.waitForSelector(NOTE, { timeout: TOLD_MS });
    const told = await words(student, NOTE);
    const { line } = student.words;
    const why = (reason, picture) => line.why({ reason, picture });
    assert.ok(["reduced", "none"].some((picture) => told.includes(why("none", picture))), told);
    assert.ok(isWeak(await grade(student)));
    await press(student, "line-more");
    await student.page.waitForSelector(part("own-line"));
    assert.match(await words(student, part("own-line")), new RegExp(`${line.delay}.* ms.*${line.helps}`));
    assert.equal(await student.page.$(NOTE), null, "it is said once");
    await press(student, "line-close");

    await press(teacher, "people-toggle");
    const id = await teacher.page.$eval(`${part("person")}[data-role="viewer"]`, (person) => person.dataset.participant);
    const dot = `${part("person")}[data-participant="${id}"] ${part("line-dot")}`;
    await eventually("the student's dot to say it", async () => isWeak(await teacher.page.$eval(dot, (of) => of.dataset.grade)), TOLD_MS);
    const { line: its } = teacher.words;
    assert.ok([its.grade("fair"), its.grade("poor")].includes(await teacher.page.$eval(dot, (of) => of.textContent)));
    await press(teacher, "lines-open");
    const rows = await teacher.page.$$eval(part("line-of"), (all) => all.map((row) => [row.dataset.participant, row.textContent]));
    assert.equal(rows.length, 2);
    assert.equal(rows[0][0], id, "the worst line comes first");
    assert.match(rows[0][1], new RegExp(`${its.gets.reduced}|${its.gets.none}`));

    await press(student, "people-toggle");
    await student.page.waitForSelector(part("person"));
    assert.equal(await student.page.$(part("line-dot")), null, "a student sees no other line");
    assert.equal(await student.page.$(part("lines-open")), null);
    for (const person of people) assert.deepEqual(person.errors, [], `${person.name}'s page has no errors`);
  } finally {
    await close(people);
    await relay.stop();
  }
}

for (const pair of pairs("chromium")) {
  test(`a slow line is explained: ${pair.name}`, () => lesson(pair));
}
