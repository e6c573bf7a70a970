/** Polls on several pages: asked, answered, answered otherwise, closed, shown; sums are right over a cut line. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { close, enter } from "./lesson-page.mjs";
import { eventually } from "./wait.mjs";
import { startBehindLine } from "./ways.mjs";

const part = (name) => `[data-testid="${name}"]`;
const plain = { prepare: async () => undefined };

/** A teacher and students; the first student comes by a line that can be cut. */
async function lesson(teacherKind, studentKinds, body) {
  const relay = await startBehindLine(["--idle-timeout", "5"]);
  const people = [];
  try {
    people.push(await enter(teacherKind, relay.teacherLink, "Frau Beispiel", plain));
    for (const [index, kind] of studentKinds.entries()) {
      const link = index === 0 ? relay.behind(relay.studentLink) : relay.studentLink;
      people.push(await enter(kind, link, `Kind ${index + 1}`, plain));
    }
    await body(relay, people[0], people.slice(1));
    for (const person of people) assert.deepEqual(person.errors, [], `${person.name}'s page has no errors`);
  } finally {
    await close(people);
    await relay.stop();
  }
}

const press = async ({ page }, name) => (await page.waitForSelector(part(name))).click();

async function ask(teacher, question, { kind = "yesNo", anonymous = false, options = "" } = {}) {
  const { page } = teacher;
  if (!(await page.$(part("polls-panel")))) await press(teacher, "polls-toggle");
  await (await page.waitForSelector(part("poll-question"))).type(question);
  await (await page.waitForSelector(`${part("poll-form")}[data-kind="${kind}"]`)).click();
  if (options) await page.type(part("poll-options"), options);
  if (anonymous) await page.click(part("poll-anonymous"));
  await press(teacher, "poll-ask");
}

/** Answers the question on top; asked for the first time, it is opened by the invitation. */
async function vote(student, place) {
  if (!(await student.page.$(part("polls-panel")))) await press(student, "poll-invitation-open");
  const choice = await student.page.waitForSelector(`${part("poll")} ${part("poll-choice")}[data-place="${place}"]`);
  await choice.click();
  await press(student, "poll-vote");
}

const bars = ({ page }) => page.$$eval(`${part("poll")}:first-child ${part("poll-bar")}`, (all) => all.map((bar) => Number(bar.dataset.count)));
const becomes = (person, wanted) =>
  eventually(`${person.name} to see ${wanted}`, async () => (await bars(person)).join() === wanted.join(), 60_000).catch(async (error) => {
    throw new Error(`${error.message}: ${await bars(person)}`);
  });
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
  await eventually("the number", async () => /8,5/.test(await teacher.page.$eval(part("polls-panel"), (panel) => panel.textContent)));
}

test("a vote is changed until the end, also over a cut line, and sums are right", () => lesson("chromium", ["firefox", "chromium"], named));
test("the same with the browsers the other way round", () => lesson("firefox", ["chromium", "firefox"], named));
test("an anonymous vote names nobody and can be changed", () => lesson("chromium", ["chromium", "firefox", "chromium"], anonymous));
test("a prepared question is there after a reload, and numbers are numbers", () => lesson("chromium", ["chromium"], prepared));
