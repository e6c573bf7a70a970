/** What a person does in the page, by the page's own names for its parts. */

import assert from "node:assert/strict";
import { CODE, installCamera } from "./camera.mjs";
import { installEars } from "./ears.mjs";
import { installEyes } from "./eyes.mjs";
import { openBrowser } from "./browsers.mjs";
import { wordsOf } from "./pairs.mjs";
import { startRelay } from "./relay.mjs";
import { eventually } from "./wait.mjs";
import { startBehindLine } from "./ways.mjs";

/** What a person may agree to. */
const MEDIA = ["seen", "heard", "read"];

/** What the page calls one of its parts. */
export const part = (name) => `[data-testid="${name}"]`;

/** Without eyes and ears: nobody looks or listens there. */
export const plain = { prepare: async () => undefined };

/** Presses a part, of several that are called so the first, once it no longer moves; `within` is a selector of what it is in. */
export async function press({ page }, name, within = "") {
  const selector = `${within} ${part(name)}`;
  await page.waitForSelector(selector).catch(async (cause) => {
    throw new Error(`there is no ${selector}, but ${await partsOf(page)}`, { cause });
  });
  await eventually(`${name} to be still`, () => page.$eval(selector, isStill).catch(() => false));
  await page.click(selector);
}

/** The names of all parts of a page, for whoever looks for one in vain. */
async function partsOf(page) {
  const names = await page.$$eval("[data-testid]", (all) => all.map(({ dataset }) => dataset.testid));
  return [...new Set(names)].join(", ");
}

/** Waits until a part is no more: a dialog that closed is hidden at once, and the page hears of it a moment later. */
export const isGone = ({ page }, name) => eventually(`${name} to be gone`, async () => (await page.$(part(name))) === null, 30_000);

/** In the page: whether it is where it was a frame before. */
async function isStill(element) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(element.getBoundingClientRect())));
  const [before, after] = [await frame(), await frame()];
  return ["x", "y", "width", "height"].every((side) => before[side] === after[side]);
}

/**
 * Opens a link in a new browser and joins. Times are Unix ms. `isCoded` puts a bar code into the camera's
 * pictures; `camera` may say what they are like; `agrees` are the switches of consent that are pressed; `prepare` is
 * done with the page before it is opened; `viewport` is its window's size.
 */
export async function enter(kind, link, name, options) {
  const person = await knock(kind, link, name, options);
  await isIn(person).catch(async (error) => {
    await close([person]);
    throw error;
  });
  return person;
}

/** A look at the join page: all switches are off, camera and microphone too. */
export async function beginsWithNothing(page) {
  for (const medium of ["seen", "heard", "read"]) {
    assert.equal(await (await page.waitForSelector(part(`consent-${medium}`))).evaluate((box) => box.checked), false, medium);
  }
  for (const tool of ["mic-toggle", "cam-toggle"]) assert.equal(await page.$eval(part(tool), (button) => button.ariaPressed), "false");
}

/** Somebody with a browser of their own and nothing in it yet; what goes wrong in their page is kept, `words` are what it says. */
export async function meet(kind, name, options) {
  const person = { kind, name, words: wordsOf(options?.language ?? "de"), errors: [], ...(await openBrowser(kind, options)) };
  person.page.on("pageerror", (error) => person.errors.push(error.message));
  return person;
}

/** As `enter`, and whatever becomes of it: where the door is closed they wait, and `isIn` waits until they are let in. */
export async function knock(kind, link, name, { camera = false, microphone = false, isCoded = true, prepare = watch, agrees = MEDIA, viewport, ...options } = {}) {
  const person = await meet(kind, name, options);
  try {
    if (viewport) await person.page.setViewport(viewport);
    return Object.assign(person, await askIn(person, link, { camera, microphone, isCoded, prepare, agrees }));
  } catch (error) {
    await close([person]);
    throw error;
  }
}

async function askIn(person, link, { camera, microphone, isCoded, prepare, agrees }) {
  const { name, page } = person;
  if (camera || microphone) await page.evaluateOnNewDocument(installCamera, CODE, isCoded, typeof camera === "object" ? camera : {});
  await prepare(page);
  const openedAt = Date.now();
  await page.goto(link);
  await page.waitForSelector(part("join-name"));
  const readyAt = Date.now();
  await page.type(part("join-name"), name);
  for (const medium of agrees) await (await page.waitForSelector(part(`consent-${medium}`))).evaluate((box) => box.click());
  if (camera) await page.click(part("cam-toggle"));
  if (microphone) await page.click(part("mic-toggle"));
  if (camera) await page.waitForSelector(part("own-picture"));
  const joinedAt = Date.now();
  await page.click(part("join-button"));
  return { openedAt, readyAt, joinedAt };
}

/** Waits until a person is in the room. */
export async function isIn(person) {
  const { name, page } = person;
  await page.waitForSelector(part("chat-toggle"), { timeout: 30_000 }).catch(async () => {
    throw new Error(`${name} is not let in; the page says: ${await page.$eval("body", (body) => body.innerText)}`);
  });
  await eventually(`${name} to be in the room`, async () => (await tiles(person)).some((tile) => tile.name.includes(name)));
}

export function tiles({ page }) {
  return page.$$eval(part("tile"), (all) =>
    all.map((tile) => ({ participant: tile.dataset.participant, role: tile.dataset.role, name: tile.getAttribute("aria-label") ?? tile.textContent })),
  );
}

/** Who this page is, by its own tile. */
export const own = async (person) => (await tiles(person)).find(({ name }) => name.startsWith(`${person.name},`))?.participant;

export const namesOnStage = async (person) => (await tiles(person)).map(({ name }) => name.split(",")[0]).toSorted();

/** Whose voices come, as the engine tells it once a second. */
const voices = async (person) => Object.keys((await listened(person)).reports.at(-1)?.voices ?? {}).toSorted();

/** Waits until the voices of exactly these people come. */
export const hears = async (person, others) => {
  const ids = await Promise.all(others.map(own));
  await eventually(`${person.name} to hear ${others.map(({ name }) => name)}`, async () => (await voices(person)).join() === ids.toSorted().join());
};

/** Presses a tool of the bar, or where the bar is too narrow for it, of what opens beside it. */
export async function pressTool(person, name) {
  await person.page.waitForSelector(`${part(name)}, ${part("more-toggle")}`);
  if ((await person.page.$(part(name))) === null) await press(person, "more-toggle");
  await press(person, name);
}

/** Opens a panel by its tool, or on a phone, whose tools are few, by its tab in another one. */
export async function openPanel({ page }, name) {
  if (await page.$(part(`${name}-panel`))) return;
  await page.waitForSelector(`${part(`${name}-toggle`)}, ${part("more-toggle")}`);
  const tool = await page.$(part(`${name}-toggle`));
  if (await tool?.isVisible()) {
    await tool.click();
  } else {
    if (!(await page.$(part("chat-panel")))) await press({ page }, "chat-toggle");
    await page.waitForSelector(part("chat-panel"));
    await press({ page }, `${name}-tab`);
  }
  await page.waitForSelector(part(`${name}-panel`));
}

/** The rendition of the teacher's camera that comes, as the page tells it. */
export function rendition({ page }) {
  return page.$eval('[data-testid="tile"][data-role="moderator"]', (tile) => tile.dataset.rendition);
}

/** How old the page says the teacher's picture is; null while it moves. */
export function pictureAge({ page }) {
  return page.evaluate(() => document.querySelector('[data-role="moderator"] [data-testid="picture-age"]')?.textContent ?? null);
}

export async function openChat({ page }) {
  if (await page.$(part("chat-input"))) return;
  await page.click(part("chat-toggle"));
  await page.waitForSelector(part("chat-input"));
}

export async function say(person, text) {
  await openChat(person);
  await person.page.type(part("chat-input"), text);
  await person.page.click(part("chat-send"));
}

/** Confirmed messages in order: id and text. */
export async function messages(person) {
  await openChat(person);
  return person.page.$$eval(part("chat-message"), (all) =>
    all.map((message) => ({ id: Number(message.dataset.messageId), text: message.textContent })),
  );
}

/** Lets the page be looked at and listened to; before it is opened. */
export async function watch(page) {
  await page.evaluateOnNewDocument(installEyes, CODE);
  await page.evaluateOnNewDocument(installEars);
}

/** What was seen and heard so far; numbers with a duration count from `measure` on. */
export function listened({ page }) {
  return page.evaluate(() => ({ ...globalThis.mosaikEyes.result(), ...globalThis.mosaikEars.result() }));
}

/** Starts to measure anew. */
export function measure({ page }) {
  return page.evaluate(() => {
    globalThis.mosaikEyes.measure();
    globalThis.mosaikEars.measure();
  });
}

/** Closes the browsers; one that does not answer any more is killed. */
export async function close(people) {
  await Promise.all(people.map(({ browser }) => browser.close().catch(() => browser.process()?.kill("SIGKILL"))));
}

/**
 * A lesson in a room of its own: a browser of each of these kinds, the first one's person teaches. No page
 * may have had an error. `names` are the students'; with `isCut` the first of them comes by a line that can
 * be cut, `line` of the relay that `body` is given; `args` are the server's. The other options are those of `enter`.
 */
export async function hold(kinds, { names = [], isCut = false, args = [], ...options }, body) {
  const relay = isCut ? await startBehindLine(["--idle-timeout", "5", ...args]) : await startRelay(args);
  const people = [];
  try {
    for (const [index, kind] of kinds.entries()) {
      const [link, name] = index === 0 ? [relay.teacherLink, "Frau Beispiel"] : [relay.studentLink, names[index - 1] ?? `Kind ${index}`];
      people.push(await enter(kind, isCut && index === 1 ? relay.behind(link) : link, name, options));
    }
    await body(people, relay);
    for (const person of people) assert.deepEqual(person.errors, [], `${person.name}'s page has no errors`);
  } finally {
    await close(people);
    await relay.stop();
  }
}
