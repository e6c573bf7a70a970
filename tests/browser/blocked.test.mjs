/** A school that lets no UDP through: the lesson goes over the WebSocket, and up to WebTransport when it can. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, enter, listened, measure, messages, say } from "./lesson-page.mjs";
import { startSound } from "./sound.mjs";
import { eventually } from "./wait.mjs";
import { carrier, startFor } from "./ways.mjs";

/** A session on the WebSocket looks for the better way after 20 s, and after 40 s more. */
const MOVED_MS = 75_000;
/** What a person takes for a pause of the speaker. */
const GAP_MS_MAX = 200;

let sound;
before(async () => {
  sound = await startSound();
});
after(() => sound.stop());

/** A teacher with students, all behind a line that lets no UDP through; `body` gets the line. */
async function behindFirewall(teacherKind, studentKinds, body) {
  const relay = await startFor("webSocket");
  const people = [];
  try {
    const env = sound.env;
    people.push(await enter(teacherKind, relay.teacherLink, "Frau Beispiel", { camera: true, microphone: true, env }));
    for (const [index, kind] of studentKinds.entries()) {
      people.push(await enter(kind, relay.studentLink, `Kind ${index + 1}`, { env }));
    }
    const students = people.slice(1);
    await Promise.all(students.map((student) => eventually(
      `${student.name} to see and hear the teacher`,
      async () => {
        const { pictures, beeps, isLoud } = await listened(student);
        return pictures >= 60 && beeps >= 2 && isLoud;
      },
      40_000,
    )));
    for (const person of people) assert.equal(await carrier(person), "webSocket", `${person.name} has no other way`);
    await body(relay.line, people, students);
    for (const person of people) assert.deepEqual(person.errors, [], `${person.name}'s page has no errors`);
  } finally {
    await close(people);
    await relay.stop();
  }
}

/** Everyone says `text`; everyone has all of it, once and in one order. */
async function chatOnce(people, text, expected) {
  for (const person of people) await say(person, `${text} ${person.name}`);
  const lists = await eventually(`everyone to have ${expected} messages`, async () => {
    const all = await Promise.all(people.map(messages));
    return all.every((list) => list.length >= expected) ? all : undefined;
  });
  for (const list of lists) {
    assert.equal(list.length, expected, "nothing is doubled");
    assert.deepEqual(list.map(({ id }) => id), lists[0].map(({ id }) => id), "everyone has the same order");
  }
}

async function movesUp(teacherKind, studentKinds) {
  await behindFirewall(teacherKind, studentKinds, async (line, people, students) => {
    await chatOnce(people, "vorher", people.length);
    await Promise.all(students.map(measure));
    const before = await Promise.all(students.map(listened));
    line.allowUdp();
    await eventually(
      "everyone to be on WebTransport",
      async () => (await Promise.all(people.map(carrier))).every((each) => each === "webTransport"),
      MOVED_MS,
    );
    await eventually("new pictures and beeps after the move", async () => {
      const now = await Promise.all(students.map(listened));
      return now.every(({ pictures }, index) => pictures >= before[index].pictures + 60);
    });
    // Before anything else happens: what is measured is the move.
    const moved = await Promise.all(students.map(listened));
    await chatOnce(people, "nachher", 2 * people.length);
    for (const [index, student] of students.entries()) {
      const { audioGapMaxMs, audioUnheardMs, audioRenderedShare } = moved[index];
      assert.ok(audioGapMaxMs <= GAP_MS_MAX, `${student.name} had a gap of ${audioGapMaxMs} ms`);
      assert.ok(audioRenderedShare > 0.9, `the loudspeaker stood still: ${audioRenderedShare}`);
      assert.ok(audioUnheardMs < GAP_MS_MAX, `${audioUnheardMs} ms went unmeasured`);
      assert.equal(await student.page.$('[data-testid="status-banner"][data-state="reconnecting"]'), null);
    }
  });
}

// Two at a time: what three browsers do to a machine with two cores is heard, and is not the move.
test("a student in Chromium sees, hears and writes without UDP, and moves up without a gap when UDP passes", async () => {
  await movesUp("chromium", ["chromium"]);
});

test("a student in Firefox sees, hears and writes without UDP, and moves up without a gap when UDP passes", async () => {
  await movesUp("chromium", ["firefox"]);
});

test("a teacher in Firefox is heard without UDP, and without a gap when UDP passes", async () => {
  await movesUp("firefox", ["chromium"]);
});
