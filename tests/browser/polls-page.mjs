/** What people do with polls. */

import { part, press } from "./lesson-page.mjs";
import { eventually } from "./wait.mjs";

/** Asks a question, of answers that are a line each. */
export async function ask(teacher, question, { kind = "yesNo", anonymous = false, options = "" } = {}) {
  const { page } = teacher;
  if (!(await page.$(part("polls-panel")))) await press(teacher, "polls-toggle");
  await (await page.waitForSelector(part("poll-question"))).type(question);
  await (await page.waitForSelector(`${part("poll-form")}[data-kind="${kind}"]`)).click();
  if (options) await page.type(part("poll-options"), options);
  if (anonymous) await page.click(part("poll-anonymous"));
  await press(teacher, "poll-ask");
}

/** Answers the question on top; asked for the first time, it is opened by the invitation. */
export async function vote(student, place) {
  if (!(await student.page.$(part("polls-panel")))) await press(student, "poll-invitation-open");
  const choice = await student.page.waitForSelector(`${part("poll")} ${part("poll-choice")}[data-place="${place}"]`);
  await choice.click();
  await press(student, "poll-vote");
}

/** The bars of the question on top. */
export const bars = ({ page }) => page.$$eval(`${part("poll")}:first-child ${part("poll-bar")}`, (all) => all.map((bar) => Number(bar.dataset.count)));
export const becomes = (person, wanted) =>
  eventually(`${person.name} to see ${wanted}`, async () => (await bars(person)).join() === wanted.join(), 60_000).catch(async (error) => {
    throw new Error(`${error.message}: ${await bars(person)}`);
  });
