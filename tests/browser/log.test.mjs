/** The log: teachers read what which of them did, students have no way to it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { close, enter, messages, part, plain, press, say } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { startRelay } from "./relay.mjs";
import { eventually } from "./wait.mjs";

async function lesson({ teacher: teacherKind, student: studentKind, language }) {
  const relay = await startRelay();
  const people = [];
  try {
    const first = await enter(teacherKind, relay.teacherLink, "Frau Beispiel", { ...plain, language });
    people.push(first);
    const second = await enter(studentKind, relay.teacherLink, "Herr Muster", { ...plain, language });
    people.push(second);
    const student = await enter(studentKind, relay.studentLink, "Ayla", { ...plain, language });
    people.push(student);

    await say(student, "Quatsch");
    await eventually("the message", async () => (await messages(first)).length === 1);
    await press(first, "people-toggle");
    await press(student, "hand-toggle");
    await press(first, "hand-lower");
    await press(first, "chat-toggle");
    await press(first, "chat-clear");
    await press(first, "clear-confirm");
    await eventually("an empty chat", async () => (await messages(student)).length === 0);
    await press(student, "leave");

    await press(second, "people-toggle");
    await press(second, "log-open");
    const told = await eventually("what was done", async () => {
      const entries = await second.page.$$eval(part("log-entry"), (all) => all.map((entry) => [entry.dataset.act, entry.lastElementChild.textContent]));
      return entries.length === 2 && entries;
    });
    const { acts } = second.words.log;
    assert.deepEqual(told, [
      ["chatCleared", `Frau Beispiel ${acts.chatCleared()}`],
      ["handLowered", `Frau Beispiel ${acts.handLowered("Ayla")}`],
    ]);
    for (const person of people) assert.deepEqual(person.errors, [], `${person.name}'s page has no errors`);
  } finally {
    await close(people);
    await relay.stop();
  }
}

for (const pair of pairs("firefox")) {
  test(`one teacher reads what another did: ${pair.name}`, () => lesson(pair));
}
