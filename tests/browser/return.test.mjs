/** A line is cut and comes back: nothing that was written is lost or doubled, pictures return. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { close, enter, listened, messages, openChat, say } from "./lesson-page.mjs";
import { openLine } from "./line.mjs";
import { freePort, startRelay } from "./relay.mjs";
import { eventually } from "./wait.mjs";

test("a student whose line was cut is back by itself, with every message once", async () => {
  const linePort = await freePort();
  // The page dials the port it was loaded from, so the line has to be told to the server's policy.
  const relay = await startRelay(["--idle-timeout", "5"]);
  const line = await openLine(linePort, relay.port);
  const people = [];
  try {
    const teacher = await enter("chromium", relay.teacherLink, "Frau Beispiel", { camera: true });
    people.push(teacher);
    const link = relay.studentLink.replace(`:${relay.port}`, `:${linePort}`);
    const student = await enter("chromium", link, "Ayla");
    people.push(student);
    await eventually("the student to see the teacher", async () => (await listened(student)).pictures > 30, 30_000);
    await say(student, "vorher");
    await eventually("the first message", async () => (await messages(teacher)).length === 1);

    line.cut();
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
    await eventually("the banner to go", async () => (await student.page.$('[data-testid="status-banner"][data-state="reconnecting"]')) === null);
    for (const person of people) assert.deepEqual(person.errors, []);
  } finally {
    await close(people);
    line.close();
    await relay.stop();
  }
});
