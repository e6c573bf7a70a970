/** Who was there when: a teacher sees it and takes it home as a table, students are told that it is so. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hold, part, press } from "./lesson-page.mjs";
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

async function lesson([teacher, student]) {
  await press(student, "people-toggle");
  await student.page.waitForSelector(part("people-panel"));
  assert.equal(await student.page.$(part("attendance-open")), null);
  assert.match(await student.page.$eval(part("people-panel"), (panel) => panel.textContent), /Lehrkräfte sehen, wann du da warst/);

  await press(teacher, "people-toggle");
  await press(teacher, "attendance-open");
  await eventually("two people", async () => (await rows(teacher)).length === 2);
  assert.deepEqual((await rows(teacher)).map(([name, , left]) => [name, left]), [["Frau Beispiel", "noch da"], [FORMULA, "noch da"]]);
  await press(student, "leave");
  await student.page.waitForSelector(part("end-left"));
  await eventually("the end of the student's time", async () => {
    await press(teacher, "attendance-renew");
    return /\d\d:\d\d/.test((await rows(teacher))[1][2]);
  });

  await press(teacher, "attendance-save");
  const file = await eventually("the file", () => teacher.page.evaluate(() => globalThis.files[0]));
  assert.match(file.name, /^anwesenheit-demo-\d{4}-\d\d-\d\d\.csv$/);
  assert.deepEqual(file.bytes.slice(0, 3), [0xef, 0xbb, 0xbf], "a German Excel knows it as UTF-8 by its first bytes");
  const lines = new TextDecoder().decode(new Uint8Array(file.bytes)).split("\r\n");
  assert.equal(lines.length, 4);
  assert.match(lines[0], /^Name;Rolle;Gekommen;Zuletzt da;/);
  assert.match(lines[1], /^Frau Beispiel;Lehrkraft;\d{4}-\d\d-\d\d \d\d:\d\d;noch da;\d+,\d;0,0;0,0$/);
  assert.ok(lines[2].startsWith(`"'=HYPERLINK(""x"")";Lernende;`), lines[2]);
}

for (const [teacherKind, studentKind] of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`a teacher takes attendance home: ${teacherKind} teaches ${studentKind}`, () => hold([teacherKind, studentKind], { prepare: keepFiles, names: [FORMULA] }, lesson));
}
