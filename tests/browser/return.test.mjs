/** A line is cut and comes back: nothing that was written is lost or doubled, pictures return. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { close, enter, listened, messages, openChat, pictureAge, say } from "./lesson-page.mjs";
import { eventually } from "./wait.mjs";
import { WAYS, carrier, startBehindLine } from "./ways.mjs";

/** A student comes by `way`, on a line of their own. */
async function cutAndBack(way) {
  const relay = await startBehindLine(["--idle-timeout", "5"]);
  const { line } = relay;
  if (way === "webSocket") line.blockUdp();
  const people = [];
  try {
    const teacher = await enter("chromium", relay.teacherLink, "Frau Beispiel", { camera: true });
    people.push(teacher);
    const student = await enter("chromium", relay.behind(relay.studentLink), "Ayla");
    people.push(student);
    await eventually("the student to see the teacher", async () => (await listened(student)).pictures > 30, 30_000);
    await say(student, "vorher");
    await eventually("the first message", async () => (await messages(teacher)).length === 1);

    line.cut();
    await eventually("the picture to say how old it is", async () => /\d s/.test((await pictureAge(student)) ?? ""));
    await openChat(student);
    await say(student, "während der Unterbrechung");
    await say(teacher, "Hört ihr mich?");
    await student.page.waitForSelector('[data-testid="status-banner"][data-state="reconnecting"]', { timeout: 30_000 });
    const before = (await listened(student)).pictures;
    line.mend();

    const lists = await eventually(
      "both to have three messages",
      async () => {
        const all = await Promise.all(people.map(messages));
        return all.every((list) => list.length === 3) ? all : undefined;
      },
      60_000,
    );
    assert.deepEqual(lists[0].map(({ id }) => id), lists[1].map(({ id }) => id), "one order for both");
    for (const text of ["vorher", "während der Unterbrechung", "Hört ihr mich?"]) {
      for (const list of lists) assert.equal(list.filter((message) => message.text.includes(text)).length, 1, `${text}, once`);
    }
    await eventually("new pictures", async () => (await listened(student)).pictures > before + 30, 30_000);
    await eventually("the picture to be a present one", async () => (await pictureAge(student)) === null);
    await eventually("the banner to go", async () => (await student.page.$('[data-testid="status-banner"][data-state="reconnecting"]')) === null);
    // On a machine that is busy a WebSocket may be there first; it is left for the better way soon.
    await eventually("the way that there is", async () => (await carrier(student)) === way, 60_000);
    for (const person of people) assert.deepEqual(person.errors, []);
  } finally {
    await close(people);
    await relay.stop();
  }
}

for (const way of WAYS) {
  test(`a student whose line was cut is back by itself, with every message once, over ${way}`, () => cutAndBack(way));
}
