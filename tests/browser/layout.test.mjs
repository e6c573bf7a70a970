/**
 * The room's stage with a class in it: who is on the page, what of it is asked for, who is pinned, and which layout
 * everyone sees.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP } from "./browsers.mjs";
import { bring } from "./crowd.mjs";
import { hold, listened, watch } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { eventually } from "./wait.mjs";

const part = (name) => `[data-testid="${name}"]`;
const TABLET = { width: 820, height: 1180 };
const PHONE = { width: 390, height: 844 };
const NAMES = ["Ben", "Cem", "Dana", "Emil", "Fatma", "Greta", "Hannes", "Ida", "Jonas", "Karim"];
/** On the first page of nine nobody sees them. */
const HIDDEN = ["Ida", "Jonas", "Karim"];
/** Of the smallest rendition (docs/protocol.md). */
const LOW_LINES = 180;
/** Two browsers and ten engines on two cores. */
const BUSY_MS = 60_000;

const press = async ({ page }, name) => (await page.waitForSelector(part(name))).click();
const stage = ({ page }) => page.$eval("main", ({ dataset }) => ({ ...dataset }));
const isLaid = (person, layout) => eventually(`${person.name} to have ${layout}`, async () => (await stage(person)).layout === layout);
/** Of the tiles in this part of the stage who is in each, in their order. */
const on = ({ page }, place) => page.$$eval(`${part(place)} > .tile`, (all) => all.map(({ ariaLabel, dataset }) => ({ name: ariaLabel.split(",")[0], ...dataset })));
const names = async (person, place) => (await on(person, place)).map(({ name }) => name);
const focused = ({ page }) => page.evaluate(() => document.activeElement?.ariaLabel?.split(",")[0]);

async function pick(person, layout) {
  await press(person, "layout-toggle");
  await press(person, `layout-${layout}`);
  await person.page.waitForSelector(part("layout-menu"), { hidden: true });
}

/** Whose pictures come, as the engine tells it once a second. */
async function received(person, idsOf) {
  const pictures = (await listened(person)).reports.at(-1)?.pictures ?? {};
  return idsOf.filter(([, id]) => (pictures[id]?.framesPerSecond ?? 0) > 0).map(([name]) => name);
}

async function pages(student, crowd) {
  const ids = await Promise.all(NAMES.map(async (name) => [name, await crowd.idOf(name)]));
  await pick(student, "gallery");
  await student.page.setViewport(TABLET);
  const first = await eventually("nine tiles", async () => {
    const found = await names(student, "stage-tiles");
    return found.length === 9 && found;
  });
  assert.deepEqual(first, ["Ayla", "Frau Beispiel", ...NAMES.slice(0, 7)]);
  const seen = NAMES.filter((name) => !HIDDEN.includes(name));
  await eventually("the pictures of this page, and no others", async () => (await received(student, ids)).join() === seen.join(), BUSY_MS);

  await crowd.ask("Karim", { kind: "hand", act: { kind: "raise" } });
  await eventually("Karim, in the place of the last", async () => (await names(student, "stage-tiles")).join() === [...first.slice(0, 8), "Karim"].join());
  const { words } = student;
  const { hand, label } = await student.page.$eval(`${part("tile")}[data-participant="${ids.at(-1)[1]}"]`, (tile) => ({
    hand: tile.querySelector('[data-testid="tile-hand"]').textContent,
    label: tile.ariaLabel,
  }));
  assert.equal(hand, "1");
  assert.equal(label, ["Karim", words.room.micIsOff, words.hand.isUpAt(1)].join(", "));
  await eventually("Karim's picture in place of the last one's", async () => {
    const got = await received(student, ids);
    return got.includes("Karim") && got.length === 7;
  }, BUSY_MS);

  await press(student, "page-next");
  const second = await eventually("the others", async () => {
    const found = await names(student, "stage-tiles");
    return found.length === 3 && found;
  });
  assert.deepEqual([...second].toSorted(), ["Hannes", "Ida", "Jonas"]);
  await eventually("their pictures alone", async () => (await received(student, ids)).join() === ["Hannes", "Ida", "Jonas"].join(), BUSY_MS);
  await crowd.leave("Jonas");
  await eventually("two to be left", async () => (await names(student, "stage-tiles")).join() === second.filter((name) => name !== "Jonas").join());
  await press(student, "page-previous");
  await crowd.ask("Karim", { kind: "hand", act: { kind: "lower" } });
}

/** Under the pointer nothing changes. */
async function held(student, crowd) {
  const last = (await on(student, "stage-tiles")).at(-1);
  await student.page.hover(`${part("tile")}[data-participant="${last.participant}"]`);
  await crowd.ask("Ida", { kind: "hand", act: { kind: "raise" } });
  await eventually("Ida beside the tile under the pointer", async () => (await names(student, "stage-tiles")).includes("Ida"));
  assert.equal((await on(student, "stage-tiles")).at(-1).participant, last.participant);
  await student.page.mouse.move(1, 1);
  await crowd.ask("Ida", { kind: "hand", act: { kind: "lower" } });
}

async function pinned(student) {
  const { page } = student;
  await page.setViewport(DESKTOP);
  await eventually("everyone on one page", async () => (await names(student, "stage-tiles")).length === 11);
  await page.focus(`${part("stage-tiles")} > .tile`);
  for (const key of ["ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  const ben = await focused(student);
  assert.equal(ben, "Ben");
  await page.keyboard.press("Enter");
  await eventually("Ben large", async () => (await names(student, "stage-large")).join() === ben);
  assert.equal(await focused(student), ben, "the focus goes with the tile");
  const { participant } = (await on(student, "stage-large"))[0];
  const height = await eventually("more lines for a larger picture", async () => {
    const asked = await page.evaluate((id) => globalThis.askedHeights[id], participant);
    return asked > LOW_LINES && asked;
  });
  assert.ok(height <= DESKTOP.height, `${height} lines`);
  const other = await page.$(`${part("stage-tiles")} > .tile:nth-child(4)`);
  const name = await other.evaluate(({ ariaLabel }) => ariaLabel.split(",")[0]);
  await other.hover();
  await (await other.$(part("tile-menu-open"))).click();
  await press(student, "tile-pin");
  await eventually("both large", async () => (await names(student, "stage-large")).join() === [ben, name].join());
  for (const layout of ["presentation", "speaker"]) {
    await pick(student, layout);
    const large = await eventually(`pins in ${layout}`, async () => {
      const found = await names(student, "stage-large");
      return [ben, name].every((one) => found.includes(one)) && found;
    });
    assert.ok(large.length <= 3);
  }
  await page.reload();
  await press(student, "join-button");
  await eventually("the pins after a reload", async () => {
    const found = await names(student, "stage-large").catch(() => []);
    return [ben, name].every((one) => found.includes(one));
  }, BUSY_MS);
  await isLaid(student, "speaker");
  await pick(student, "gallery");
  for (const one of [ben, name]) {
    const tile = await page.waitForSelector(`${part("stage-large")} > [aria-label^="${one},"]`);
    assert.match(await tile.evaluate(({ ariaLabel }) => ariaLabel), new RegExp(`${student.words.layout.pinned}$`));
    await tile.click({ count: 2 });
    await eventually(`${one} small again`, async () => !(await names(student, "stage-large")).includes(one));
  }
}

async function soundAlone(student, crowd) {
  const ids = await Promise.all(["Ben", "Cem"].map(async (name) => [name, await crowd.idOf(name)]));
  await pick(student, "gallery");
  await eventually("pictures", async () => (await received(student, ids)).length === 2, BUSY_MS);
  await pick(student, "audio");
  await isLaid(student, "audio");
  await eventually("no picture", async () => (await received(student, ids)).length === 0, BUSY_MS);
  assert.equal(await student.page.$("main canvas"), null);
  assert.ok((await names(student, "stage-tiles")).includes("Ben"), "names stay");
  await pick(student, "auto");
}

/** Notes how tall the page says that it shows each picture, and what it keeps awake; runs in it before its own code. */
function noteAsked() {
  // The empty page before ours keeps nothing awake.
  if (!globalThis.WakeLock) return;
  const { request } = WakeLock.prototype;
  WakeLock.prototype.request = function askFor(what) {
    globalThis.askedAwake = what;
    return request.call(this, what);
  };
  globalThis.askedHeights = {};
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function postMessage(message, ...others) {
    if (message?.kind === "shown") globalThis.askedHeights[message.picture] = message.height;
    return post.call(this, message, ...others);
  };
}

async function prepare(page) {
  await watch(page);
  await page.evaluateOnNewDocument(noteAsked);
}

const AYLAS = { names: ["Ayla"], prepare };

for (const pair of pairs("chromium")) {
  test(`a class is seen page by page, and who is pinned stays: ${pair.name}`, () =>
    hold(pair.kinds(), { ...AYLAS, language: pair.language }, async ([, student], relay) => {
      const crowd = await bring(relay.studentLink, NAMES, { cameras: NAMES.length });
      try {
        await pages(student, crowd);
        await held(student, crowd);
        await pinned(student);
        await soundAlone(student, crowd);
      } finally {
        await crowd.close();
      }
    }));
}

async function shown(teacher, student) {
  assert.equal(await student.page.evaluate(() => globalThis.askedAwake), "screen");
  await isLaid(student, "presentation");
  await pick(student, "gallery");
  await press(teacher, "board-toggle");
  await student.page.waitForSelector(part("board"));
  await isLaid(student, "presentation");
  await pick(student, "speaker");
  await student.page.waitForSelector(part("board"), { hidden: true });
  await press(student, "stage-shown");
  await student.page.waitForSelector(part("board"));
  await divided(student);
  await press(teacher, "board-toggle");
  await student.page.waitForSelector(part("board"), { hidden: true });
  await isLaid(student, "gallery");
}

async function divided({ page }) {
  const divider = await page.waitForSelector(part("divider"));
  const value = () => divider.evaluate(({ ariaValueNow }) => Number(ariaValueNow));
  const before = await value();
  await divider.focus();
  for (let step = 0; step < 5; step += 1) await page.keyboard.press("ArrowLeft");
  await eventually("more space for people", async () => (await value()) === before + 10);
  const { x, y, width, height } = await divider.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x - 120, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await eventually("more again", async () => (await value()) > before + 15);
  await divider.click({ count: 2 });
  await eventually("what it was", async () => (await value()) === before);
}

async function setForAll(teacher, layout) {
  await press(teacher, "layout-toggle");
  await (await teacher.page.waitForSelector(part("layout-for-all"))).select(layout);
  await teacher.page.keyboard.press("Escape");
  await teacher.page.waitForSelector(part("layout-menu"), { hidden: true });
}

async function forAll(teacher, student) {
  await setForAll(teacher, "speaker");
  await isLaid(student, "speaker");
  await isLaid(teacher, "speaker");
  await press(student, "layout-toggle");
  assert.equal(await student.page.$(part("layout-for-all")), null, "it is for those who lead");
  const { told, names: called } = student.words.layout;
  assert.ok((await student.page.$eval(part("layout-auto"), ({ textContent }) => textContent)).includes(told(called.speaker)));
  await press(student, "layout-gallery");
  await isLaid(student, "gallery");
  await setForAll(teacher, "presentation");
  await isLaid(student, "presentation");
  await press(teacher, "board-toggle");
  await student.page.waitForSelector(part("board"));
  await setForAll(teacher, "speaker");
  await student.page.waitForSelector(part("board"), { hidden: true });
  await press(teacher, "board-toggle");
  await setForAll(teacher, "");
  await isLaid(student, "gallery");
  await press(teacher, "people-toggle");
  await press(teacher, "log-open");
  await teacher.page.waitForSelector(`${part("log-entry")}[data-act="layoutSet"]`);
  await teacher.page.keyboard.press("Escape");
}

/** Who speaks is large, and says so in words and by a sign. Chromium has a sound without a machine that has one. */
async function spoken(...people) {
  const [speaker, listener] = people.toSorted((one, other) => one.kind.localeCompare(other.kind));
  await pick(listener, "speaker");
  await press(speaker, "mic-toggle");
  const tile = await listener.page.waitForSelector(`${part("stage-large")} > .tile[data-speaking="true"]`, { timeout: BUSY_MS });
  assert.match(await tile.evaluate(({ ariaLabel }) => ariaLabel), new RegExp(`^${speaker.name}, .*${listener.words.room.speaking}`));
}

/** A phone: what does not fit is behind "more", a panel has its title, and the queue of hands is always seen. */
async function onPhone(teacher, student) {
  await press(student, "hand-toggle");
  for (const person of [teacher, student]) await person.page.setViewport(PHONE);
  const glance = await teacher.page.waitForSelector(part("hands-glance"));
  assert.equal((await glance.evaluate(({ textContent }) => textContent)).replaceAll(/\s+/g, " "), `1 ${teacher.words.hand.glance(1)} Ayla`);
  if (!(await teacher.page.$(part("more-menu")))) await press(teacher, "more-toggle");
  await teacher.page.waitForSelector(part("more-menu"));
  await press(teacher, "polls-toggle");
  await teacher.page.waitForSelector(part("polls-panel"));
  const { title, seen } = await teacher.page.$eval("#panel h2", (head) => ({ title: head.textContent, seen: head.scrollWidth <= head.clientWidth + 1 }));
  assert.deepEqual([title, seen], [teacher.words.poll.title, true]);
  assert.ok(await glance.evaluate((button) => button.getBoundingClientRect().right <= innerWidth && button.checkVisibility()));
  const wide = await teacher.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= PHONE.width, `${wide} px wide`);
  await press(student, "more-toggle");
  await press(student, "layout-toggle");
  await student.page.waitForSelector(part("layout-menu"));
}

for (const pair of pairs("firefox")) {
  test(`the layout follows what is shown, the teacher and the person: ${pair.name}`, () =>
    hold(pair.kinds(), { ...AYLAS, microphone: true, language: pair.language }, async ([teacher, student]) => {
      for (const person of [teacher, student]) await press(person, "mic-toggle");
      await shown(teacher, student);
      await forAll(teacher, student);
      await spoken(teacher, student);
      await onPhone(teacher, student);
    }));
}
