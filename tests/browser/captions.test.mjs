/** Captions that a teacher types: read while they grow by those who switched them on, and by nobody else. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hold, part, plain, pressTool } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { takeCaptions } from "./views.mjs";
import { eventually } from "./wait.mjs";

const lines = ({ page }) => page.$$eval(part("caption"), (all) => all.map((line) => line.textContent));

const lesson = ({ kinds, language }) =>
  hold(kinds(2), { ...plain, names: ["Ayla", "Ben"], language }, async (people) => {
    const [teacher, ayla, ben] = people;
    await pressTool(ayla, "layout-toggle");
    assert.equal(await ayla.page.$(part("captions-write")), null, "students write none");
    assert.ok((await ayla.page.$eval(part("layout-menu"), (menu) => menu.textContent)).includes(ayla.words.captions.show));
    await ayla.page.keyboard.press("Escape");
    await takeCaptions(ayla, "show");

    await takeCaptions(teacher, "write");
    const field = await teacher.page.waitForSelector(part("captions-line"));
    assert.equal(await field.evaluate((input) => input.ariaLabel), teacher.words.captions.line);
    await field.type("Guten Morgen, wir lesen ");
    await eventually("a line that grows", async () => (await lines(ayla)).join() === "Guten Morgen, wir lesen ");
    await field.type("Seite 12.");
    await teacher.page.keyboard.press("Enter");
    await field.type("Wer beginnt?");
    await eventually("two lines", async () => (await lines(ayla)).join("|") === "Guten Morgen, wir lesen Seite 12.|Wer beginnt?");
    assert.deepEqual(await lines(ben), [], "who did not want them has none");
    await eventually("the lines to go", async () => (await lines(ayla)).length === 0, 30_000);
  });

for (const pair of pairs("firefox")) {
  test(`captions are read while they are typed: ${pair.name}`, () => lesson(pair));
}
