/**
 * Group rooms on several pages: who is in one sees, hears and reads those who are there, keeps the microphone
 * on over every change, can call for help, and comes back with everyone else.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hears, hold, listened, messages, namesOnStage, openChat, own, part, plain, press, say, tiles, watch } from "./lesson-page.mjs";
import { IS_EVERY, pairs } from "./pairs.mjs";
import { eventually } from "./wait.mjs";

/** A machine that is busy with other things starts an encoder late. */
const SWITCH_PATIENCE_MS = 50_000;

/** Groups that are ended soon have a minute. */
const END_MS = 90_000;

const talks = { microphone: true, prepare: watch, names: ["Ayla", "Ben", "Cem"] };
const lesson = ({ kinds, language }, count, body, more = talks) => hold(kinds(count), { ...more, language }, (people) => body(...people));

const place = ({ page }) => page.evaluate((bar) => document.querySelector(bar)?.dataset.place ?? null, part("breakout-bar"));
const isAt = (person, wanted) => eventually(`${person.name} to be in ${wanted}`, async () => (await place(person)) === wanted);
const sees = (person, names) =>
  eventually(`${person.name} to see ${names}`, async () => (await namesOnStage(person)).join() === names.toSorted().join());
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
  console.log(JSON.stringify({ lookedInMs: Date.now() - begun }));
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
  // Those who are there are warned, and the time runs out by itself: a minute, for which the gate does not wait.
  for (const student of [ayla, ben]) {
    await student.page.waitForSelector(`${part("breakout-time")}[data-last="true"]`);
    await eventually(`${student.name} to be told`, async () => (await student.page.$eval(part("breakout-time"), (time) => time.textContent)).includes(student.words.breakout.minuteLeft));
  }
  if (!IS_EVERY) await press(teacher, "close-now");
  for (const person of [teacher, ayla, ben]) {
    await eventually(`${person.name} to be back`, async () => (await namesOnStage(person)).length === 3, END_MS);
    await eventually("the line to go", async () => (await place(person)) === null);
  }
  await byHand(teacher, ayla, ben);
}

/** The teacher says who goes where; the others stay. */
async function byHand(teacher, ayla, ben) {
  await openPanel(teacher);
  await teacher.page.select(part("breakout-count"), "2");
  await teacher.page.click(`${part("breakout-how")}[data-how="manual"]`);
  await press(teacher, "breakouts-open");
  for (const student of [ayla, ben]) await isAt(student, "main");
  assert.equal(await ayla.page.$(part("breakout-choose")), null, "nobody chooses");
  const send = async (student, number) => {
    const select = `${part("group-person")}[data-participant="${await own(student)}"] ${part("place-of")}`;
    await (await teacher.page.waitForSelector(select)).select(await teacher.page.$eval(`${select} option:nth-child(${number + 1})`, ({ value }) => value));
    await isAt(student, String(number));
  };
  await send(ayla, 2);
  assert.equal(await place(ben), "main");
  await sees(ben, ["Frau Beispiel", "Ben"]);
  await send(ben, 2);
  await sees(ayla, ["Ayla", "Ben"]);
  await press(teacher, "close-now");
  for (const person of [teacher, ayla, ben]) await sees(person, ["Ayla", "Ben", "Frau Beispiel"]);
}

/** A student asks for a talk of two: the teacher alone sees it, says not now, and the next time begins it. */
async function askedAside(teacher, ayla, ben) {
  for (const student of [ayla, ben]) {
    await press(student, "people-toggle");
    await student.page.waitForSelector(part("aside-wish"));
  }
  await press(ayla, "aside-wish");
  await eventually("the teacher's people to say that something waits", async () => (await teacher.page.$$eval(part("hands-up"), ([badge]) => badge?.textContent)) === "1");
  await press(teacher, "people-toggle");
  await teacher.page.waitForSelector(part("aside-wished"));
  assert.doesNotMatch(await ben.page.$eval(part("people-panel"), (panel) => panel.textContent), new RegExp(teacher.words.breakout.wishesAside(ayla.name)), "the others do not see it");
  await press(teacher, "aside-not-now");
  await ayla.page.waitForSelector(`${part("aside-wish")}[aria-pressed="false"]`);
  await press(ayla, "aside-wish");
  await ayla.page.waitForSelector(`${part("aside-wish")}[aria-pressed="true"]`);
  await ayla.page.reload();
  await press(ayla, "join-button");
  await press(teacher, "aside-begin");
  for (const person of [ayla, teacher]) await isAt(person, "aside");
  await sees(ben, ["Ben"]);
  assert.equal(await teacher.page.$(part("aside-wishes")), null, "who talks asks no more");
  await press(ayla, "end-aside");
  await sees(ben, ["Ayla", "Ben", "Frau Beispiel"]);
}

/** Presses what leads into another group: ms until somebody there has a tile, is heard and is seen. */
const timed = ({ page }, way, id) =>
  page.evaluate(
    (selector, tile, participant, patienceMs) =>
      new Promise((resolve) => {
        const begun = performance.now();
        const times = {};
        const look = () => {
          const found = document.querySelector(`${tile}[data-participant="${participant}"]`);
          const now = Math.round(performance.now() - begun);
          if (found) times.tileMs ??= now;
          if (globalThis.mosaikEyes.levels()[participant] > 0) times.voiceMs ??= now;
          if (found?.dataset.picture === "true") times.pictureMs ??= now;
          if (Object.keys(times).length === 3 || now > patienceMs) resolve(times);
          else requestAnimationFrame(look);
        };
        document.querySelector(selector).click();
        look();
      }),
    way,
    part("tile"),
    id,
    SWITCH_PATIENCE_MS,
  );

/** A teacher goes from one group to the next. How long it takes is printed for a machine that does nothing else. */
async function fromGroupToGroup(teacher, ayla, ben) {
  const ids = new Map();
  for (const student of [ayla, ben]) ids.set(student, await own(student));
  await openPanel(teacher);
  await teacher.page.select(part("breakout-count"), "2");
  await press(teacher, "breakouts-open");
  for (const student of [ayla, ben]) await student.page.waitForSelector(part("breakout-bar"));
  for (const student of [ayla, ben, ayla]) {
    const group = `${part("group")}[data-number="${await place(student)}"]`;
    await teacher.page.waitForSelector(`${group} ${part("look-in")}`);
    const times = await timed(teacher, `${group} ${part("look-in")}`, ids.get(student));
    console.log(JSON.stringify({ switch: { from: teacher.kind, to: student.kind, ...times } }));
    assert.deepEqual(Object.keys(times).toSorted(), ["pictureMs", "tileMs", "voiceMs"], `${student.name} is there, heard and seen`);
    await sees(teacher, ["Frau Beispiel", student.name]);
  }
}

for (const pair of pairs("chromium")) {
  test(`chance makes two rooms that see, hear and read nothing of each other: ${pair.name}`, () => lesson(pair, 3, byChance));
}
for (const pair of pairs("firefox")) {
  test(`rooms are chosen, named, left for a talk of two and kept over a reload: ${pair.name}`, () => lesson(pair, 2, chosenAndAside));
  test(`a student asks the teacher for a talk of two: ${pair.name}`, () => lesson(pair, 2, askedAside, { ...plain, names: ["Ayla", "Ben"] }));
}
for (const kind of ["chromium", "firefox"]) {
  test(`who goes to another group sees and hears it, in ${kind}`, () => hold([kind, "chromium", "chromium"], { ...talks, camera: true }, (people) => fromGroupToGroup(...people)));
}
