/** Polls on several pages: asked, answered, answered otherwise, closed, shown; sums are right over a cut line. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hold, part, plain, press } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { ask, bars, becomes, choices, isAsked, vote } from "./polls-page.mjs";
import { eventually } from "./wait.mjs";

/** A teacher and students; the first student comes by a line that can be cut. */
const lesson = ({ kinds, language }, count, body) =>
  hold(kinds(count), { ...plain, isCut: true, language }, ([teacher, ...students], relay) => body(relay, teacher, students));

const stage = ({ page }) => page.$eval(part("poll"), (poll) => poll.dataset.stage);

async function named({ line }, teacher, [first, second]) {
  await ask(teacher, "Ist Wasser nass?", { kind: "choice", options: "Ja\nNein\nManchmal" });
  await vote(first, 0);
  await vote(second, 0);
  await becomes(teacher, [2, 0, 0]);
  assert.deepEqual(await bars(second), [], "nobody sees what was answered before it is shown");
  await second.page.waitForSelector(part("poll-voted"));
  await vote(second, 2);
  await becomes(teacher, [1, 0, 1]);

  line.cut();
  await first.page.waitForSelector('[data-testid="status-banner"][data-state="reconnecting"]', { timeout: 30_000 });
  await vote(first, 1);
  line.mend();
  await becomes(teacher, [0, 1, 1]);
  assert.match(await teacher.page.$eval(part("poll-names"), (names) => names.textContent), /Kind 1/);

  await press(teacher, "poll-close");
  await eventually("the end of the poll", async () => (await stage(second)) === "closed");
  assert.equal(await second.page.$(part("poll-vote")), null);
  await press(teacher, "poll-publish");
  for (const student of [first, second]) await becomes(student, [0, 1, 1]);
  assert.equal(await second.page.$(part("poll-names")), null, "students see sums only");
}

async function anonymous(_relay, teacher, students) {
  await ask(teacher, "Hast du gut geschlafen?", { anonymous: true });
  await vote(students[0], 0);
  await vote(students[1], 1);
  await eventually("two answers", async () => /2/.test(await teacher.page.$eval(part("poll-votes"), (votes) => votes.textContent)));
  assert.deepEqual(await bars(teacher), [], "two answers would tell whose they are");
  await vote(students[2], 1);
  await becomes(teacher, [1, 2]);
  await vote(students[0], 1);
  await becomes(teacher, [0, 3]);
  assert.equal(await teacher.page.$(part("poll-names")), null);
  await press(teacher, "poll-publish");
  await becomes(students[1], [0, 3]);
}

async function prepared(_relay, teacher, [student]) {
  await press(teacher, "polls-toggle");
  await (await teacher.page.waitForSelector(part("poll-question"))).type("Wie viele Beine hat eine Spinne?");
  await teacher.page.click(`${part("poll-form")}[data-kind="number"]`);
  await press(teacher, "poll-keep");
  await teacher.page.reload();
  await press(teacher, "join-button");
  await press(teacher, "polls-toggle");
  await teacher.page.waitForSelector(part("prepared"));
  await teacher.page.click(`${part("prepared")} summary`);
  await press(teacher, "prepared-ask");
  await press(student, "poll-invitation-open");
  await (await student.page.waitForSelector(part("poll-answer"))).type("8,5");
  await press(student, "poll-vote");
  await eventually("the number", async () => (await teacher.page.$eval(part("polls-panel"), (panel) => panel.textContent)).includes(`8${teacher.words.poll.decimal}5`));
  await press(teacher, "prepared-delete");
  await eventually("nothing to be prepared any more", async () => (await teacher.page.$(part("prepared"))) === null);
  await everyForm(teacher, student);
}

/** Every other form of a question, removed again when it was answered. */
async function everyForm(teacher, student) {
  await ask(teacher, "Ist 7 eine Primzahl?", { kind: "trueFalse" });
  await isAsked(student, "Ist 7 eine Primzahl?");
  assert.equal(await choices(student), 2);
  await vote(student, 0);
  await becomes(teacher, [1, 0]);

  await ask(teacher, "Welche Lösung?", { kind: "letters", letters: 6 });
  await isAsked(student, "Welche Lösung?");
  assert.equal(await choices(student), 6);
  await vote(student, 5);
  await becomes(teacher, [0, 0, 0, 0, 0, 1]);

  await ask(teacher, "Was schwimmt?", { kind: "choice", options: "Holz\nEisen\nEis", several: true });
  await isAsked(student, "Was schwimmt?");
  await vote(student, 0, 2);
  await becomes(teacher, [1, 0, 1]);
  await press(teacher, "poll-publish");
  await becomes(student, [1, 0, 1]);

  await ask(teacher, "Was hast du gelernt?", { kind: "text" });
  await isAsked(student, "Was hast du gelernt?");
  await (await student.page.waitForSelector(part("poll-answer"))).type("<b>Auftrieb</b>");
  await press(student, "poll-vote");
  const reads = (person) =>
    eventually(`${person.name} to read the answer`, () => person.page.evaluate((top) => document.querySelector(`${top} .answers`)?.textContent === "<b>Auftrieb</b>", `${part("poll")}:first-child`));
  await reads(teacher);
  await press(teacher, "poll-publish");
  await reads(student);

  const asked = async () => (await student.page.$$(part("poll"))).length;
  const before = await asked();
  await press(teacher, "poll-remove");
  await eventually("the question to be gone", async () => (await asked()) === before - 1);
  await isAsked(student, "Was schwimmt?");
}

for (const pair of pairs("chromium")) {
  test(`a vote is changed until the end, also over a cut line, and sums are right: ${pair.name}`, () => lesson(pair, 2, named));
  test(`a prepared question is there after a reload until it is deleted, and every form of question is answered as it is meant: ${pair.name}`, () => lesson(pair, 1, prepared));
}
for (const pair of pairs("firefox")) {
  test(`an anonymous vote names nobody and can be changed: ${pair.name}`, () => lesson(pair, 3, anonymous));
}
