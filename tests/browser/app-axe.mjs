/**
 * What axe-core finds wrong in the views of the room, where those and axe-core are there: each view that a teacher or
 * anyone opens by a tool, in Chromium. The tests have the rest, and the other browser.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { close, enter, plain, say } from "./lesson-page.mjs";
import { ROOT, startRelay } from "./relay.mjs";

const KIND = "chromium";
const NEEDED = ["tests/browser/views.mjs", "tests/browser/axe-page.mjs", "web/node_modules/axe-core"];

async function lookAtAll(teacher, student, audit) {
  const { clear, namesOf, reach } = await import("./views.mjs");
  const views = [...[...namesOf.anyone, ...namesOf.teacher].map((name) => [teacher, name]), ...namesOf.student.map((name) => [student, name])];
  // One of the views is what can be done with a message.
  for (const person of [teacher, student]) await say(person, "Guten Morgen");
  for (const [person, name] of views) {
    await reach(person, name);
    await audit.look(person, `${name} of ${person.name}`);
    await clear(person);
  }
}

/** `axe_violations` is null where there is nothing to look with. */
export async function countViolations() {
  const missing = NEEDED.filter((path) => !existsSync(join(ROOT, path)));
  if (missing.length > 0) return { axe_violations: null, detail: { missing } };
  const { createAudit } = await import("./axe-page.mjs");
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
