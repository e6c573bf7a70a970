/** The timer on several pages: all see the same time, late, after a cut line and with wrong clocks too. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enter, hold, part } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { startSound } from "./sound.mjs";
import { eventually } from "./wait.mjs";

const WRONG_MS = 3_600_000;

let sound;
before(async () => (sound = await startSound()));
after(() => sound.stop());

/** Counts the notes that the page begins to play. */
async function countNotes(page) {
  await page.evaluateOnNewDocument(() => {
    globalThis.notes = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...given) {
      if (this.context.state === "running") globalThis.notes += 1;
      return start.apply(this, given);
    };
  });
}

/** A computer whose clock is an hour ahead. */
async function countWrongly(page) {
  await countNotes(page);
  await page.evaluateOnNewDocument((wrongMs) => {
    const now = Date.now;
    Date.now = () => now() + wrongMs;
  }, WRONG_MS);
}

const lesson = ({ kinds, student, language }, body) =>
  hold(kinds(), { prepare: countNotes, names: ["Ayla"], isCut: true, env: sound.env, language }, async (people, relay) => {
    const comeLate = async () => {
      people.push(await enter(student, relay.studentLink, "Ben", { prepare: countWrongly, env: sound.env, language }));
      return people.at(-1);
    };
    await body(relay, ...people, comeLate);
  });

/** At once, since what is there may be drawn anew with each second. */
const press = async ({ page }, name) => {
  await page.waitForSelector(part(name));
  await page.$eval(part(name), (button) => button.click());
};
const timer = ({ page }) =>
  page.evaluate((selector) => {
    const { stage, seconds } = document.querySelector(selector)?.dataset ?? {};
    return stage === undefined ? null : { stage, seconds: Number(seconds), at: performance.timeOrigin + performance.now() };
  }, "[data-stage][data-seconds]");
const notes = ({ page }) => page.evaluate(() => globalThis.notes);

/** All timers have the same zero: ahead of a countdown, behind a stopwatch (`direction` -1). */
async function agree(people, direction = 1) {
  const shown = await Promise.all(people.map(timer));
  const ends = shown.map(({ seconds, at }) => at + direction * seconds * 1_000);
  // Digits change once a second: two that are right are less than one apart, and a busy machine is late.
  assert.ok(Math.max(...ends) - Math.min(...ends) < 1_500, JSON.stringify(shown));
}

async function countdown(relay, teacher, student, comeLate) {
  assert.equal(await student.page.$(part("timer-toggle")), null, "students start no timers");
  await press(teacher, "timer-toggle");
  await teacher.page.click(`${part("timer-preset")}[data-minutes="1"]`);
  await eventually("the student's timer", async () => (await timer(student))?.stage === "runs");
  const late = await comeLate();
  await eventually("the late joiner's timer", async () => (await timer(late))?.stage === "runs");
  await agree([teacher, student, late]);

  await student.page.keyboard.press("t");
  await teacher.page.keyboard.press("t");
  await press(teacher, "timer-pause");
  assert.equal(await student.page.$(part("timer-menu")), null, "no key either");
  await eventually("the timer to stand still", async () => (await timer(student))?.stage === "paused");
  const paused = (await timer(student)).seconds;
  await press(teacher, "timer-more");
  await eventually("a minute more", async () => (await timer(student)).seconds === paused + 60);
  assert.equal((await timer(teacher)).seconds, paused + 60);

  relay.line.cut();
  await student.page.waitForSelector('[data-testid="status-banner"][data-state="reconnecting"]', { timeout: 30_000 });
  assert.equal((await timer(student)).stage, "paused");
  await press(teacher, "timer-resume");
  await eventually("the teacher's timer", async () => (await timer(teacher)).stage === "runs");
  relay.line.mend();
  await eventually("the timer after the cut", async () => (await timer(student)).stage === "runs", 60_000);
  await agree([teacher, student, late]);

  await press(teacher, "timer-end");
  for (const person of [student, late]) await eventually("no timer", async () => (await timer(person)) === null);
}

async function ends(_relay, teacher, student, comeLate) {
  await press(teacher, "timer-toggle");
  await (await teacher.page.waitForSelector(part("timer-seconds"))).type("12");
  await press(teacher, "timer-start");
  await eventually("the last ten seconds", async () => (await timer(student))?.stage === "last", 20_000);
  await eventually("the end", async () => (await timer(student))?.stage === "over", 20_000);
  for (const person of [teacher, student]) await eventually("the sound", async () => (await notes(person)) === 2);
  const late = await comeLate();
  await eventually("the end for who comes late", async () => (await timer(late))?.stage === "over");
  assert.equal(await notes(late), 0, "who comes after the end hears no sound");

  await press(teacher, "timer-toggle");
  await press(teacher, "timer-end");
  await eventually("no timer", async () => (await timer(teacher)) === null);
  await press(teacher, "timer-toggle");
  await press(teacher, "timer-stopwatch");
  await eventually("the stopwatch to count", async () => (await timer(student))?.seconds >= 2);
  await agree([teacher, student, late], -1);
}

for (const pair of pairs("firefox")) {
  test(`all see the same countdown: ${pair.name}`, () => lesson(pair, countdown));
}
for (const pair of pairs("chromium")) {
  test(`the end is seen and heard once: ${pair.name}`, () => lesson(pair, ends));
}
