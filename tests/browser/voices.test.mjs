/**
 * A class with open microphones, by what comes out of the loudspeaker: three voices at once and those that lead, who
 * begins to speak from the first syllable on, and no jump in the sound of a group when the teacher looks in.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { installEars } from "./ears.mjs";
import { act } from "./lead-page.mjs";
import { hold, part, press } from "./lesson-page.mjs";
import { kindsFor } from "./pairs.mjs";
import { startSound } from "./sound.mjs";
import { giveVoice } from "./voice.mjs";
import { eventually } from "./wait.mjs";

/** The voices' pitches in Hz. */
const PITCHES = [300, 380, 460, 540];
const TEACHER_HZ = 220;
/** A voice is heard from here on, of 0.12; another's is at most a fiftieth of it here. */
const HEARD = 0.03;
const WORD_S = 1.2;
/** What is heard at least of 150 ms: blocks of 21 ms at its two ends are of something else too. */
const SYLLABLE_MIN_MS = 80;
const WORD_PATIENCE_MS = 6_000;
/** Of eight words: a loudspeaker that stands still for a moment cuts one, a place that comes late more than half. */
const CUT_MAX = 1;

/** How often is looked who is heard. A look hears 85 ms: where a place has just changed, four people's. */
const LOOKS = 20;

let sound;
before(async () => (sound = await startSound()));
after(() => sound.stop());

/** A lesson in which everyone has a microphone and a voice of their own; the first kind is the teacher's browser. */
function talk(kind, students, body) {
  const pitches = [TEACHER_HZ, ...PITCHES];
  const prepare = async (page) => {
    await giveVoice(page, pitches.shift());
    await page.evaluateOnNewDocument(installEars);
  };
  const kinds = [kind, ...Array.from({ length: students }, () => "chromium")];
  return hold(kinds, { names: ["Ayla", "Ben", "Cem", "Dana"], env: sound.env, prepare }, async (people) => {
    for (const person of people) await press(person, "mic-toggle");
    await body(...people);
  });
}

const measure = ({ page }) => page.evaluate(() => globalThis.mosaikEars.measure());
const heard = ({ page }) => page.evaluate(() => globalThis.mosaikEars.result());
const hum = ({ page }) => page.evaluate(() => globalThis.mosaikVoice.hum());
const rest = ({ page }) => page.evaluate(() => globalThis.mosaikVoice.rest());
const word = ({ page }) => page.evaluate((seconds) => globalThis.mosaikVoice.say(seconds), WORD_S);

/** Pitches that somebody hears now. */
async function pitchesOf({ page }) {
  const all = [TEACHER_HZ, ...PITCHES];
  const strengths = await page.evaluate((hz) => globalThis.mosaikEars.strengths(hz), all);
  return all.filter((_, index) => strengths[index] > HEARD);
}

const hearsPitches = (person, isWanted, what) => eventually(`${person.name} to hear ${what}`, async () => isWanted(await pitchesOf(person)));

async function threeAtOnce(teacher, ...students) {
  for (const [index, student] of students.entries()) {
    await hum(student);
    await hearsPitches(teacher, (heard) => heard.join() === `${PITCHES[index]}`, student.name);
    await rest(student);
    await hearsPitches(teacher, ({ length }) => length === 0, "nobody");
  }
  const cut = [];
  // Each in turn: with four microphones and three places, whoever spoke least lately has none when they begin.
  for (const round of [1, 2]) {
    for (const student of students) {
      await hearsPitches(teacher, ({ length }) => length === 0, "nobody");
      await measure(teacher);
      await word(student);
      const isWhole = async () => (await heard(teacher)).beepMs >= SYLLABLE_MIN_MS;
      await eventually("the first syllable", isWhole, WORD_PATIENCE_MS).catch(() => cut.push(`${student.name}, round ${round}`));
      assert.ok(cut.length <= CUT_MAX, `words without their first syllable: ${cut.join("; ")}`);
    }
  }
  for (const student of students) await hum(student);
  await hearsPitches(teacher, ({ length }) => length === 3, "three");
  let four = 0;
  for (let looks = 0; looks < LOOKS; looks += 1) four += (await pitchesOf(teacher)).length > 3 ? 1 : 0;
  assert.ok(four <= LOOKS / 4, `four voices at once in ${four} of ${LOOKS} looks`);
  // Who presents is heard beside the three.
  const now = await pitchesOf(teacher);
  const unheard = students.find((_, index) => !now.includes(PITCHES[index]));
  await press(teacher, "people-toggle");
  await act(teacher, unheard.name, "make-presenter");
  await hearsPitches(teacher, ({ length }) => length === 4, "three and the presenter");
  for (const student of students) await rest(student);
}

/** Greatest step between two samples of three voices together, with a quarter to spare: 0.12 of 540 Hz makes steps of 0.0085. */
const STEP_MAX = 0.032;
/** What a change does it does each time; what a busy machine does beside it, it does not. */
const ROUNDS = 3;
/** What in a group may be still while the teacher comes and goes: what concealment leaves of one late frame. */
const STILL_MAX_MS = 100;

/** The voice of a group goes on, and the teacher's comes and goes as if a door were opened. */
async function lookedIn(teacher, ...students) {
  await press(teacher, "breakouts-toggle");
  await (await teacher.page.waitForSelector(part("breakout-count"))).select("2");
  await press(teacher, "breakouts-open");
  const places = [];
  for (const { page } of students) places.push((await (await page.waitForSelector(part("breakout-bar"))).evaluate((bar) => bar.dataset.place)));
  const group = (number) => students.filter((_, index) => places[index] === number);
  const [listener, speaker] = ["1", "2"].map(group).find(({ length }) => length === 2);
  const number = places[students.indexOf(listener)];
  const single = students.find((student) => student !== listener && student !== speaker);
  const pitchOf = (student) => PITCHES[students.indexOf(student)];
  for (const person of [speaker, single, teacher]) await hum(person);
  await hearsPitches(listener, (heard) => heard.join() === `${pitchOf(speaker)}`, "the group");
  const visits = [
    { there: number, who: speaker, inGroup: [TEACHER_HZ, pitchOf(speaker)] },
    { there: places[students.indexOf(single)], who: single, inGroup: [pitchOf(speaker)] },
  ];
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await measure(listener);
    await measure(teacher);
    for (const { there, who, inGroup } of visits) {
      await press(teacher, "look-in", `${part("group")}[data-number="${there}"]`);
      await hearsPitches(teacher, (heard) => heard.join() === `${pitchOf(who)}`, `group ${there}`);
      await hearsPitches(listener, (heard) => heard.join() === `${inGroup}`, "who is there");
    }
    rounds.push({ gapMs: (await heard(listener)).audioGapMaxMs, step: (await heard(listener)).audioStepMax, stepOfTeacher: (await heard(teacher)).audioStepMax });
  }
  console.log(JSON.stringify({ lookedIn: rounds }));
  const least = (name) => Math.min(...rounds.map((round) => round[name]));
  assert.ok(least("gapMs") <= STILL_MAX_MS, `${least("gapMs")} ms of silence in the group`);
  for (const name of ["step", "stepOfTeacher"]) assert.ok(least(name) <= STEP_MAX, `a click of ${least(name)}`);
}

for (const kind of kindsFor("chromium")) {
  test(`three voices and the presenter's are heard, each from its first syllable, in ${kind}`, () => talk(kind, 4, threeAtOnce));
  test(`a teacher looks into groups without a jump in their sound, in ${kind}`, () => talk(kind, 3, lookedIn));
}
