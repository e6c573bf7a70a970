/** What who leads does about the room and about people, and what a page shows of it. */

import { isGone, part } from "./lesson-page.mjs";
import { eventually } from "./wait.mjs";

export async function click({ page }, name, within = "") {
  const selector = `${within} ${part(name)}`;
  await page.waitForSelector(selector);
  await page.$eval(selector, (button) => button.click());
}

export const state = ({ page }, name) => page.$eval(part(name), ({ dataset }) => ({ ...dataset }));
export const shows = ({ page }, name) => page.waitForSelector(part(name));
export const read = ({ page }, name) => page.$eval(part(name), (element) => element.innerText);

/** Waits until a tool of the bar is locked, or is not. */
export const isLocked = (person, tool, wanted = true) =>
  eventually(`${tool} of ${person.name} to be ${wanted ? "locked" : "free"}`, async () => (await state(person, tool)).locked === String(wanted));

/** The line of somebody in the list, by name. */
export const line = ({ page }, name) =>
  page.$$eval(
    part("person"),
    (all, wanted) => {
      const found = all.find((person) => person.querySelector(".person-name").textContent.includes(wanted));
      return found && { id: found.dataset.participant, role: found.dataset.role, mic: found.querySelector(".person-source")?.dataset.on === "true" };
    },
    name,
  );

/** Opens what can be done about somebody in the list of people, which is open, and does it. */
export async function act(leader, name, what) {
  const { id } = await eventually(`${leader.name} to see ${name}`, () => line(leader, name));
  const within = `${part("person")}[data-participant="${id}"]`;
  if (!(await leader.page.$(`${within} ${part(what)}`))) await click(leader, "person-menu", within);
  await click(leader, what, within);
}

/** Sets a lock of one person, and waits until the menu says so. */
export async function lockOne(leader, name, lock, wanted) {
  await act(leader, name, `lock-${lock}`);
  await leader.page.waitForSelector(`${part(`lock-${lock}`)}[data-locked="${wanted}"]`);
}

/** Does something in the sheet of the room's settings. */
export async function inSheet(leader, body) {
  await click(leader, "room-settings");
  await shows(leader, "room-sheet");
  await body();
  await leader.page.keyboard.press("Escape");
  await isGone(leader, "room-sheet");
}

export const usePreset = (leader, preset) =>
  inSheet(leader, async () => {
    await click(leader, `preset-${preset}`);
    await leader.page.waitForSelector(`${part(`preset-${preset}`)}[aria-pressed="true"]`);
  });
