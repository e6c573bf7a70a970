/** Hands and signs on two pages: who wants to speak is seen, asked, and decides about the own microphone. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hold, part, plain, press } from "./lesson-page.mjs";
import { eventually } from "./wait.mjs";

/** A teacher and two students of these browsers. */
const lesson = (teacherKind, studentKind, body) =>
  hold([teacherKind, studentKind, studentKind], { ...plain, names: ["Ayla", "Ben"] }, (people) => body(...people));

const texts = ({ page }, name) => page.$$eval(part(name), (all) => all.map((element) => element.textContent));

async function openPeople(person) {
  if (!(await person.page.$(part("people-panel")))) await press(person, "people-toggle");
  await person.page.waitForSelector(part("people-panel"));
}

async function calledOn(teacher, ayla, ben) {
  await openPeople(teacher);
  await press(ben, "hand-toggle");
  await eventually("Ben's hand", async () => (await texts(teacher, "raised-hand")).length === 1);
  await press(ayla, "hand-toggle");
  const queue = await eventually("both hands", async () => {
    const found = await texts(teacher, "raised-hand");
    return found.length === 2 && found;
  });
  assert.match(queue[0], /Ben/);
  assert.match(queue[1], /Ayla/);
  await openPeople(ayla);
  await eventually("Ayla to know her place", async () => (await texts(ayla, "hand-queue"))[0]?.includes("2."));

  await press(teacher, "call-on");
  await ben.page.waitForSelector(part("speak-request"));
  assert.equal(await ben.page.$eval(part("mic-toggle"), (button) => button.ariaPressed), "false", "nobody else switches it on");
  assert.equal(await ayla.page.$(part("speak-request")), null);
  await press(ben, "speak-yes");
  await eventually("Ben's microphone", async () => (await ben.page.$eval(part("mic-toggle"), (button) => button.ariaPressed)) === "true");
  await eventually("the request to go", async () => (await ben.page.$(part("speak-request"))) === null);
  await eventually("one hand to be left", async () => (await texts(teacher, "raised-hand")).length === 1);

  await press(teacher, "call-on");
  await press(ayla, "speak-no");
  await teacher.page.waitForSelector(part("declined"));
  assert.equal(await ayla.page.$eval(part("mic-toggle"), (button) => button.ariaPressed), "false");
  await eventually("no hand to be left", async () => (await texts(teacher, "raised-hand")).length === 0);
}

async function signsAreSeen(teacher, ayla, ben) {
  await openPeople(teacher);
  await press(ayla, "sign-toggle");
  await press(ayla, "react-heart");
  await teacher.page.waitForSelector(`${part("reaction")}[data-reaction="heart"]`);
  await press(ayla, "status-needHelp");
  await teacher.page.waitForSelector(`${part("person")}[data-status="needHelp"]`);
  await eventually("the reaction to pass", async () => (await teacher.page.$(part("reaction"))) === null);
  await press(teacher, "statuses-clear");
  await eventually("the status to go", async () => (await ben.page.$$(`${part("person")}[data-status]`)).length === 0);

  const picked = new Set();
  for (const round of [1, 2]) {
    await press(teacher, "pick");
    await eventually(`person ${round} to be picked`, async () => {
      const found = await teacher.page.$(part("picked"));
      const id = found === null ? null : await found.evaluate((element) => element.dataset.participant);
      return id !== null && !picked.has(id) && picked.add(id);
    });
  }
  assert.equal(picked.size, 2, "each once");
}

for (const [teacherKind, studentKind] of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`hands are seen in order, called on and answered: ${teacherKind} teaches ${studentKind}`, () => lesson(teacherKind, studentKind, calledOn));
}
test("reactions pass, statuses stay until they are cleared, chance picks each once", () => lesson("chromium", "chromium", signsAreSeen));
