/** Hands and signs on two pages: who wants to speak is seen, asked, and decides about the own microphone. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { act } from "./lead-page.mjs";
import { hold, part, plain, press } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { eventually } from "./wait.mjs";

/** A teacher and two students of these browsers. */
const lesson = ({ kinds, language }, body) => hold(kinds(2), { ...plain, names: ["Ayla", "Ben"], language }, (people) => body(...people));

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
  await eventually("Ayla to know her place", async () => (await texts(ayla, "hand-queue"))[0]?.includes(ayla.words.hand.own(2)));

  await eventually("the teacher to see how long they wait", async () => {
    const { hand } = teacher.words;
    const waited = (await texts(teacher, "raised-hand")).map((line) => Number(new RegExp(`${hand.waiting("(\\d+) s")}`).exec(line)?.[1] ?? Number.NaN));
    return waited[0] >= 1 && waited[0] >= waited[1];
  });

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

  // Who spoke before is told to have, to everyone; and all hands go down at once.
  await openPeople(ben);
  for (const student of [ben, ayla]) await press(student, "hand-toggle");
  for (const person of [teacher, ben]) {
    await eventually(`${person.name} to see both hands, and that Ben alone has spoken`, async () => {
      const found = await texts(person, "raised-hand");
      return found.length === 2 && found.every((line) => line.includes(person.words.hand.called(1)) === line.includes("Ben"));
    });
  }
  await press(teacher, "hands-lower-all");
  for (const student of [ben, ayla]) {
    await eventually(`${student.name}'s hand to be down`, async () => (await student.page.$eval(part("hand-toggle"), (button) => button.ariaPressed)) === "false");
  }
  await eventually("no hand to be left", async () => (await texts(teacher, "raised-hand")).length === 0);
}

/** Whoever has no hand up is asked too, to speak and to be seen; what they do not want stays off. */
async function asked(teacher, ayla, ben) {
  const isOn = ({ page }, tool) => page.$eval(part(tool), (button) => button.ariaPressed === "true");
  await openPeople(teacher);
  await act(teacher, "Ben", "ask-camera");
  await ben.page.waitForSelector(part("camera-request"));
  assert.equal(await isOn(ben, "cam-toggle"), false, "nobody else switches it on");
  assert.equal(await ayla.page.$(part("camera-request")), null);
  await press(ben, "camera-yes");
  await eventually("Ben's camera", () => isOn(ben, "cam-toggle"));
  await eventually("the request to go", async () => (await ben.page.$(part("camera-request"))) === null);
  await act(teacher, "Ayla", "ask-camera");
  await press(ayla, "camera-no");
  await eventually("the request to go", async () => (await ayla.page.$(part("camera-request"))) === null);
  assert.equal(await isOn(ayla, "cam-toggle"), false);
  await act(teacher, "Ayla", "call-on-person");
  await press(ayla, "speak-yes");
  await eventually("Ayla's microphone", () => isOn(ayla, "mic-toggle"));
}

/** Every status, as the other student and the teacher see it; the teacher has them counted. */
async function everyStatus(teacher, ayla, ben) {
  await openPeople(ben);
  const counts = () => teacher.page.$$eval(part("status-count"), (all) => Object.fromEntries(all.map((chip) => [chip.dataset.status, Number(chip.querySelector("strong").textContent)])));
  const take = async (student, status) => {
    await press(student, "sign-toggle");
    await press(student, `status-${status}`);
  };
  for (const status of Object.keys(ayla.words.sign.statuses)) {
    await take(ayla, status);
    for (const person of [teacher, ben]) await person.page.waitForSelector(`${part("person")}[data-status="${status}"]`);
    await eventually(`${status} to be counted once`, async () => JSON.stringify(await counts()) === JSON.stringify({ [status]: 1 }));
  }
  await take(ben, "agree");
  await take(ayla, "agree");
  await eventually("both to be counted", async () => (await counts()).agree === 2);
  await take(ben, "agree");
  await eventually("one to have taken it back", async () => (await counts()).agree === 1);
}

async function signsAreSeen(teacher, ayla, ben) {
  await openPeople(teacher);
  await press(ayla, "sign-toggle");
  await press(ayla, "react-heart");
  await teacher.page.waitForSelector(`${part("reaction")}[data-reaction="heart"]`);
  await eventually("the reaction to pass", async () => (await teacher.page.$(part("reaction"))) === null);
  await ayla.page.keyboard.press("Escape");
  await everyStatus(teacher, ayla, ben);
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

for (const pair of pairs("chromium")) {
  test(`hands are seen in order, called on and answered: ${pair.name}`, () => lesson(pair, calledOn));
}
for (const pair of pairs("firefox")) {
  test(`who is asked to speak or to be seen decides: ${pair.name}`, () => lesson(pair, asked));
  test(`reactions pass, statuses stay until they are cleared, chance picks each once: ${pair.name}`, () => lesson(pair, signsAreSeen));
}
