/**
 * What axe-core finds wrong in the views of the room: each view that a teacher or anyone opens by a tool, in Chromium.
 * The tests have the rest, and the other browser.
 */

import { createAudit } from "./axe-page.mjs";
import { close, enter, plain, say } from "./lesson-page.mjs";
import { startRelay } from "./relay.mjs";
import { clear, namesOf, reach } from "./views.mjs";

const KIND = "chromium";

async function lookAtAll(teacher, student, audit) {
  const views = [...[...namesOf.anyone, ...namesOf.teacher].map((name) => [teacher, name]), ...namesOf.student.map((name) => [student, name])];
  // One of the views is what can be done with a message.
  for (const person of [teacher, student]) await say(person, "Guten Morgen");
  for (const [person, name] of views) {
    await reach(person, name);
    await audit.look(person, `${name} of ${person.name}`);
    await clear(person);
  }
}

export async function countViolations() {
  const relay = await startRelay();
  const people = [];
  try {
    for (const [link, name] of [[relay.teacherLink, "Frau Beispiel"], [relay.studentLink, "Ayla"]]) people.push(await enter(KIND, link, name, plain));
    const audit = createAudit(KIND);
    await lookAtAll(...people, audit);
    return { axe_violations: audit.found.length, detail: { views: audit.seen.length, found: audit.found } };
  } finally {
    await close(people);
    await relay.stop();
  }
}
