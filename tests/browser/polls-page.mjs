/** What people do with polls. */

import { part, press } from "./lesson-page.mjs";
import { eventually } from "./wait.mjs";

/** Asks a question, of answers that are a line each, or of so many letters. */
export async function ask(teacher, question, { kind = "yesNo", anonymous = false, options = "", several = false, letters } = {}) {
  const { page } = teacher;
  if (!(await page.$(part("polls-panel")))) await press(teacher, "polls-toggle");
  await (await page.waitForSelector(part("poll-question"))).type(question);
  await (await page.waitForSelector(`${part("poll-form")}[data-kind="${kind}"]`)).click();
  if (options) await page.type(part("poll-options"), options);
  if (several) await page.click(part("poll-several"));
  if (letters) await page.select(".ask-letters select", String(letters));
  if (anonymous) await page.click(part("poll-anonymous"));
  await press(teacher, "poll-ask");
}

const TOP = `${part("poll")}:first-child`;

/** Waits for the question on top to be this one; asked for the first time, it is opened by the invitation. */
export async function isAsked(student, question) {
  if (!(await student.page.$(part("polls-panel")))) await press(student, "poll-invitation-open");
  await eventually(`${student.name} to be asked ${question}`, () => student.page.evaluate((top, wanted) => document.querySelector(`${top} h3`)?.textContent === wanted, TOP, question));
}

/** How many choices the question on top has. */
export const choices = async ({ page }) => (await page.$$(`${TOP} ${part("poll-choice")}`)).length;

/** Answers the question on top, by one place or several; asked for the first time, it is opened by the invitation. */
export async function vote(student, ...places) {
  if (!(await student.page.$(part("polls-panel")))) await press(student, "poll-invitation-open");
  for (const place of places) await (await student.page.waitForSelector(`${part("poll")} ${part("poll-choice")}[data-place="${place}"]`)).click();
  await press(student, "poll-vote");
}

/** The bars of the question on top. */
export const bars = ({ page }) => page.$$eval(`${part("poll")}:first-child ${part("poll-bar")}`, (all) => all.map((bar) => Number(bar.dataset.count)));
export const becomes = (person, wanted) =>
  eventually(`${person.name} to see ${wanted}`, async () => (await bars(person)).join() === wanted.join(), 60_000).catch(async (error) => {
    throw new Error(`${error.message}: ${await bars(person)}`);
  });
