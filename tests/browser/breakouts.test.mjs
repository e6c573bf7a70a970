/**
 * Group rooms on several pages: who is in one sees, hears and reads those who are there, keeps the microphone
 * on over every change, can call for help, and comes back with everyone else.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hold, listened, messages, openChat, say, tiles, watch } from "./lesson-page.mjs";
import { eventually } from "./wait.mjs";

const part = (name) => `[data-testid="${name}"]`;
/** From a press to the people of another room, on a machine that encodes for five browsers. */
const SWITCH_MS_MAX = 2_000;

const talks = { microphone: true, prepare: watch, names: ["Ayla", "Ben", "Cem"] };
const lesson = (teacherKind, studentKinds, body) => hold([teacherKind, ...studentKinds], talks, (people) => body(...people));

const press = async ({ page }, name, within = "") => (await page.waitForSelector(`${within} ${part(name)}`)).click();
const place = ({ page }) => page.evaluate((bar) => document.querySelector(bar)?.dataset.place ?? null, part("breakout-bar"));
const isAt = (person, wanted) => eventually(`${person.name} to be in ${wanted}`, async () => (await place(person)) === wanted);
const own = ({ page }) => page.evaluate((tile) => document.querySelector(tile)?.dataset.participant, part("tile"));
const namesOnStage = async (person) => (await tiles(person)).map(({ name }) => name.split(",")[0]).toSorted();
const sees = (person, names) =>
  eventually(`${person.name} to see ${names}`, async () => (await namesOnStage(person)).join() === names.toSorted().join());
/** Whose voices come, as the engine tells it once a second. */
const voices = async (person) => Object.keys((await listened(person)).reports.at(-1)?.voices ?? {}).toSorted();
const hears = async (person, others) => {
  const ids = await Promise.all(others.map(own));
  await eventually(`${person.name} to hear ${others.map(({ name }) => name)}`, async () => (await voices(person)).join() === ids.toSorted().join());
};
const isHeard = async ({ page }) => page.$eval(part("mic-toggle"), (button) => button.ariaPressed);
const texts = async (person) => (await messages(person)).map(({ text }) => text).join("\n");

async function openPanel(teacher) {
  if (!(await teacher.page.$(part("breakouts")))) await press(teacher, "breakouts-toggle");
  await teacher.page.waitForSelector(part("breakouts"));
}

async function separated(pair, single) {
  const [one, other] = pair;
  await sees(one, [one.name, other.name]);
  await sees(other, [one.name, other.name]);
  await sees(single, [single.name]);
  await hears(one, [other]);
  await hears(other, [one]);
  await hears(single, []);
  await say(one, "Nur wir zwei");
  await say(single, "Ganz allein");
  await eventually("the words of the group", async () => (await texts(other)).includes("Nur wir zwei"));
  await eventually("the own words", async () => (await texts(single)).includes("Ganz allein"));
  assert.doesNotMatch(await texts(single), /Nur wir zwei/);
  assert.doesNotMatch(await texts(other), /Ganz allein/);
}

async function helped(teacher, single, others) {
  await press(single, "call-help");
  await openPanel(teacher);
  await teacher.page.waitForSelector(part("help-call"));
  const begun = Date.now();
  await press(teacher, "call-look-in");
  await sees(single, ["Frau Beispiel", single.name]);
  const passed = Date.now() - begun;
  assert.ok(passed < SWITCH_MS_MAX, `the teacher was there after ${passed} ms`);
  await sees(teacher, ["Frau Beispiel", single.name]);
  await hears(teacher, [single]);
  await hears(single, [teacher]);
  assert.doesNotMatch(await texts(teacher), /Ganz allein/, "what was said before is not for who comes");
  await openPanel(teacher);
  assert.equal(await teacher.page.$(part("help-call")), null, "who looks in has answered");
  for (const other of others) assert.doesNotMatch((await namesOnStage(other)).join(), /Beispiel/);
  await press(teacher, "breakout-back");
  await sees(teacher, ["Frau Beispiel"]);
  await sees(single, [single.name]);
}

async function spokenTo(teacher, pair, single) {
  await openPanel(teacher);
  await press(teacher, "speak-to-all");
  await hears(single, [teacher]);
  await hears(pair[0], [teacher, pair[1]]);
  await press(teacher, "speak-to-all");
  await hears(single, []);
  await (await teacher.page.waitForSelector(part("tell-groups"))).type("Noch fünf Minuten");
  await press(teacher, "tell-groups-send");
  for (const student of [...pair, single]) {
    const notice = await student.page.waitForSelector(part("breakout-notice"));
    assert.match(await notice.evaluate((element) => element.textContent), /Noch fünf Minuten/);
    await press(student, "breakout-read");
  }
}

async function byChance(teacher, ...students) {
  for (const student of students) assert.equal(await isHeard(student), "true");
  await openPanel(teacher);
  await teacher.page.select(part("breakout-count"), "2");
  await press(teacher, "breakouts-open");
  for (const student of students) await student.page.waitForSelector(part("breakout-bar"));
  const places = await Promise.all(students.map(place));
  const single = students.find((_, index) => places.filter((other) => other === places[index]).length === 1);
  const pair = students.filter((student) => student !== single);
  assert.ok(single !== undefined && pair.length === 2, `${places}`);
  await separated(pair, single);
  await helped(teacher, single, pair);
  await spokenTo(teacher, pair, single);
  await openPanel(teacher);
  await press(teacher, "close-now");
  for (const person of [teacher, ...students]) {
    await sees(person, ["Frau Beispiel", "Ayla", "Ben", "Cem"]);
    await eventually("the line to go", async () => (await place(person)) === null);
    assert.equal(await isHeard(person), "true", `${person.name}'s microphone stayed on`);
  }
  await hears(single, [teacher, ...pair]);
  await openChat(teacher);
  await say(teacher, "Willkommen zurück");
  for (const student of students) await eventually("the chat of all", async () => (await texts(student)).includes("Willkommen zurück"));
}

async function chosenAndAside(teacher, ayla, ben) {
  await openPanel(teacher);
  await teacher.page.select(part("breakout-count"), "2");
  await teacher.page.click(`${part("breakout-how")}[data-how="choice"]`);
  await teacher.page.select(part("breakout-minutes"), "10");
  await press(teacher, "breakouts-open");
  await isAt(ayla, "main");
  await press(ayla, "breakout-choose");
  await press(ayla, "choose-group", `${part("group")}[data-number="1"]`);
  await isAt(ayla, "1");
  await teacher.page.$eval(part("group-name"), (field) => field.select());
  await teacher.page.type(part("group-name"), "Die Füchse");
  await teacher.page.keyboard.press("Enter");
  await eventually("the name", async () => /Die Füchse/.test(await ayla.page.$eval(part("breakout-bar"), (bar) => bar.textContent)));

  // A page that is loaded anew is where it was.
  await ayla.page.reload();
  await press(ayla, "join-button");
  await isAt(ayla, "1");

  // The list says who is where, and a select moves them.
  const id = await own(ben);
  await (await teacher.page.waitForSelector(`${part("group-person")}[data-participant="${id}"] ${part("place-of")}`)).select(
    await teacher.page.$eval(`${part("group-person")}[data-participant="${id}"] option:nth-child(3)`, ({ value }) => value),
  );
  await isAt(ben, "2");

  await press(teacher, "people-toggle");
  const line = `${part("person")}[data-participant="${id}"]`;
  await press(teacher, "person-menu", line);
  await press(teacher, "take-aside", line);
  await isAt(ben, "aside");
  await isAt(teacher, "aside");
  await sees(ben, ["Frau Beispiel", "Ben"]);
  await sees(ayla, ["Ayla"]);
  await press(ben, "end-aside");
  await isAt(ben, "2");
  await isAt(teacher, "main");

  await openPanel(teacher);
  await press(teacher, "close-soon");
  await ayla.page.waitForSelector(`${part("breakout-time")}[data-last="true"]`);
  await press(teacher, "close-now");
  await eventually("everyone to be back", async () => (await namesOnStage(ayla)).length === 3);
}

test("chance makes two rooms that see, hear and read nothing of each other", () => lesson("chromium", ["firefox", "chromium", "chromium"], byChance));
test("the same with the browsers the other way round", () => lesson("firefox", ["chromium", "firefox", "chromium"], byChance));
test("rooms are chosen, named, left for a talk of two and kept over a reload", () => lesson("chromium", ["firefox", "chromium"], chosenAndAside));
