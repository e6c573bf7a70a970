/** The notes on two pages: both write at once, see each other, one is kept from it, nothing is lost. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inSheet } from "./lead-page.mjs";
import { hold, part, plain, press } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { keepSaved } from "./slides-page.mjs";
import { eventually } from "./wait.mjs";

const TEXT = part("notes-text");

/** A teacher and a student with the notes open; the student comes by a line that can be cut. */
const lesson = ({ kinds, language }, body) =>
  hold(kinds(), { ...plain, names: ["Ayla"], isCut: true, language }, async (people, relay) => {
    for (const person of people) await openNotes(person);
    await body(relay, ...people);
  });

async function openNotes(person) {
  if (!(await person.page.$(part("notes-panel")))) await press(person, "notes-toggle");
  await person.page.waitForSelector(TEXT);
}

/** What is in the notes, a line for each block; names of cursors are not part of it. */
const seen = ({ page }) =>
  page.$eval(TEXT, (text) => {
    const copy = text.cloneNode(true);
    for (const cursor of copy.querySelectorAll(".notes-cursor")) cursor.remove();
    return [...copy.querySelectorAll("p, h3, .notes-check")].map((block) => block.textContent).join("\n");
  });

const becomes = (person, wanted) =>
  eventually(`${person.name} to read ${wanted}`, async () => wanted.test(await seen(person)), 30_000).catch(async (error) => {
    throw new Error(`${error.message}: ${await seen(person)}`);
  });

async function toEnd({ page }) {
  await page.focus(TEXT);
  await page.keyboard.down("Control");
  await page.keyboard.press("End");
  await page.keyboard.up("Control");
}

async function type(person, text) {
  await toEnd(person);
  await person.page.keyboard.type(text, { delay: 15 });
}

async function keys({ page }, modifier, key) {
  await page.keyboard.down(modifier);
  await page.keyboard.press(key);
  await page.keyboard.up(modifier);
}

/** Presses Control and `key` as often as it takes: what is typed slowly is several steps. */
async function until(person, key, isDone) {
  const STEPS_MAX = 20;
  for (let step = 0; step < STEPS_MAX && !isDone(await seen(person)); step++) {
    await keys(person, "Control", key);
  }
}

async function together({ line }, teacher, student) {
  await type(teacher, "# Die Zelle");
  await teacher.page.keyboard.press("Enter");
  await teacher.page.keyboard.type("Lehrkraft: ");
  await becomes(student, /^Die Zelle\nLehrkraft: ?$/);
  await student.page.waitForSelector(`${TEXT} h3`);

  // Both at once: the student in a line of her own.
  await toEnd(student);
  await student.page.keyboard.press("Enter");
  await Promise.all([
    student.page.keyboard.type("Ayla schreibt mit.", { delay: 20 }),
    teacher.page.keyboard.type("Was ist darin?", { delay: 20 }),
  ]);
  const both = /^Die Zelle\nLehrkraft: Was ist darin\?\nAyla schreibt mit\.$/;
  for (const person of [teacher, student]) await becomes(person, both);

  // Who is where, by the name that the room knows.
  const named = async ({ page }, name) => (await page.$$eval(part("notes-cursor"), (all) => all.map((cursor) => cursor.textContent))).includes(name);
  await eventually("the student's cursor", () => named(teacher, "Ayla"));
  await eventually("the teacher's cursor", () => named(student, "Frau Beispiel"));

  // Undo takes back what this person did, and nothing of the other's.
  await type(teacher, " Und");
  await becomes(student, /mit\. Und$/);
  await until(student, "z", (text) => !text.includes("schreibt mit"));
  await becomes(teacher, /Was ist darin\?/);
  await becomes(teacher, / Und$/);
  await eventually("the student's words to be gone", async () => !(await seen(teacher)).includes("schreibt mit"));
  await until(student, "y", (text) => text.includes("Ayla schreibt mit."));
  await becomes(teacher, /Ayla schreibt mit\./);

  // Over a cut line nothing is lost and nothing comes twice.
  line.cut();
  await student.page.waitForSelector('[data-testid="status-banner"][data-state="reconnecting"]', { timeout: 30_000 });
  await type(student, " Ohne Leitung");
  await type(teacher, " Mit");
  line.mend();
  await becomes(teacher, /Ohne Leitung/);
  await becomes(student, / Mit/);
  assert.equal(await seen(student), await seen(teacher));
  assert.equal((await seen(student)).split("Ohne Leitung").length, 2, "it is there once");

  // A reload keeps what was written.
  const before = await seen(teacher);
  await student.page.reload();
  await press(student, "join-button");
  await openNotes(student);
  await eventually("the notes after a reload", async () => (await seen(student)) === before);
}

async function locked(_relay, teacher, student) {
  await type(student, "vorher");
  await becomes(teacher, /vorher/);
  await inSheet(teacher, async () => {
    await press(teacher, "lock-all-notes");
    await student.page.waitForSelector(part("notes-locked"));
    assert.equal(await student.page.$(part("notes-bold")), null, "there are no tools to try in vain");
    await eventually("the text to be closed", async () => (await student.page.$eval(TEXT, (text) => text.contentEditable)) === "false");
    await student.page.click(TEXT);
    await student.page.keyboard.type("gesperrt");
  });
  await type(teacher, " nachher");
  await becomes(student, /^vorher nachher$/);

  await inSheet(teacher, async () => {
    await press(teacher, "lock-all-notes");
    await student.page.waitForSelector(part("notes-bold"));
  });
  await type(student, "!");
  await becomes(teacher, /^vorher nachher!$/);

  await press(teacher, "notes-clear");
  await press(teacher, "clear-notes-confirm");
  for (const person of [teacher, student]) await becomes(person, /^$/);
  await type(student, "neu");
  await becomes(teacher, /^neu$/);
}

async function saved(_relay, teacher, student) {
  await keepSaved(teacher);
  await type(student, "## Wasser");
  await student.page.keyboard.press("Enter");
  await student.page.keyboard.type("- Regen");
  await student.page.keyboard.press("Enter");
  await keys(student, "Control", "b");
  await student.page.keyboard.type("Fluss");
  await becomes(teacher, /Fluss/);
  await teacher.page.waitForSelector(`${TEXT} strong`);
  await press(teacher, "notes-save");
  const file = await eventually("the file", () => teacher.page.evaluate(async () => globalThis.saved[0] && { name: globalThis.saved[0].name, text: await globalThis.saved[0].blob.text() }));
  assert.match(file.name, new RegExp(`^${teacher.words.notes.file}-demo-\\d{4}-\\d\\d-\\d\\d\\.md$`));
  assert.equal(file.text, "## Wasser\n\n- Regen\n- **Fluss**\n");
}

for (const pair of pairs("firefox")) {
  test(`two write at once and see the same, over a cut line and a reload: ${pair.name}`, () => lesson(pair, together));
}
for (const pair of pairs("chromium")) {
  test(`a lock keeps a student from writing, and clearing empties the page for both: ${pair.name}`, () => lesson(pair, locked));
}
for (const pair of pairs("firefox")) {
  test(`what was written is saved as Markdown: ${pair.name}`, () => lesson(pair, saved));
}
