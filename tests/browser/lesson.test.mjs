/** A lesson in real browsers: pictures are seen, sound is heard, chat reaches everyone in order. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESKTOP } from "./browsers.mjs";
import { close, enter, listened, messages, rendition, say } from "./lesson-page.mjs";
import { startSound } from "./sound.mjs";
import { eventually } from "./wait.mjs";
import { WAYS, carrier, startFor } from "./ways.mjs";

/** Windows in which the teacher's tile is taller than cam/low, and is not. */
const SMALL = { width: 320, height: 500 };

let sound;
before(async () => {
  sound = await startSound();
});
after(() => sound.stop());

/** Waits until a student has seen and heard the teacher for a while. */
async function seesAndHears(student) {
  const senses = async () => {
    const { pictures, unreadable, beeps, isLoud, audioRenderedShare, reports } = await listened(student);
    return { pictures, unreadable, beeps, isLoud, audioRenderedShare, report: reports.at(-1) };
  };
  await eventually(
    `${student.name} to see and hear the teacher`,
    async () => {
      const { pictures, beeps, isLoud } = await senses();
      return pictures >= 60 && beeps >= 2 && isLoud;
    },
    40_000,
  ).catch(async (error) => {
    throw new Error(`${error.message}: ${JSON.stringify(await senses())}`);
  });
}

/** A small tile gets a small picture, which moves, and a large one a large one again. */
async function getsWhatTheTileNeeds(student) {
  for (const [expected, viewport] of [["mid", DESKTOP], ["low", SMALL], ["mid", DESKTOP]]) {
    await student.page.setViewport(viewport);
    await eventually(`${student.name} to get cam/${expected}`, async () => (await rendition(student)) === expected, 20_000);
    const { pictures } = await listened(student);
    await eventually(`${student.name} to see cam/${expected} move`, async () => (await listened(student)).pictures >= pictures + 5);
  }
}

/** Everyone comes by `way`, and `body` is the same by each. */
async function lesson(way, teacherKind, studentKinds, language, body) {
  const relay = await startFor(way);
  const people = [];
  try {
    const device = { env: sound.env, language };
    const teacher = await enter(teacherKind, relay.teacherLink, "Frau Beispiel", { camera: true, microphone: true, ...device });
    people.push(teacher);
    for (const [index, kind] of studentKinds.entries()) {
      people.push(await enter(kind, relay.studentLink, `Kind ${index + 1}`, device));
    }
    await body(relay, teacher, people.slice(1));
    for (const person of people) assert.equal(await carrier(person), way, `the way of ${person.name}`);
    for (const person of people) assert.deepEqual(person.errors, [], `${person.name}'s page has no errors`);
  } finally {
    await close(people);
    await relay.stop();
  }
}

async function classInBoth(way) {
  await lesson(way, "chromium", ["chromium", "firefox"], "de", async (relay, teacher, students) => {
    await Promise.all(students.map(seesAndHears));
    await Promise.all(students.map(getsWhatTheTileNeeds));
    const before = await Promise.all(students.map(listened));
    await eventually("a second of new pictures", async () => {
      const now = await Promise.all(students.map(listened));
      return now.every((each, index) => each.pictures >= before[index].pictures + 30);
    });
    for (const student of students) assert.equal((await listened(student)).unreadable < 30, true, "pictures are whole");

    await say(teacher, "Guten Morgen!");
    await say(students[0], "Guten Morgen, Frau Beispiel");
    await say(students[1], "Hallo");
    const everyone = [teacher, ...students];
    const lists = await eventually("everyone to have three messages", async () => {
      const all = await Promise.all(everyone.map(messages));
      return all.every((list) => list.length === 3) ? all : undefined;
    });
    const ids = lists.map((list) => list.map((message) => message.id));
    for (const list of ids) assert.deepEqual(list, ids[0], "everyone has the same order");

    const late = await enter("chromium", relay.studentLink, "Spät");
    try {
      const list = await eventually("the late joiner to have the chat", async () => {
        const found = await messages(late);
        return found.length === 3 ? found : undefined;
      });
      assert.deepEqual(list.map((message) => message.id), ids[0], "a late joiner sees the same list");
      await eventually("the late joiner to see the teacher", async () => (await listened(late)).pictures > 10);
    } finally {
      await close([late]);
    }
  });
}

async function teacherInFirefox(way) {
  await lesson(way, "firefox", ["chromium"], "en", async (_relay, _teacher, students) => {
    await Promise.all(students.map(seesAndHears));
  });
}

for (const way of WAYS) {
  test(`a class in Chromium and Firefox sees and hears a teacher in Chromium, and chat works both ways, over ${way}`, () => classInBoth(way));

  test(`a class in Chromium sees and hears a teacher in Firefox, over ${way}`, () => teacherInFirefox(way));
}
