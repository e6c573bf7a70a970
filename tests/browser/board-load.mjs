/**
 * A full whiteboard: 10,000 strokes on one page. How fluent panning and drawing are, and how long a late
 * joiner waits for it; and for a page as a lesson has it, on a line of 1 Mbit/s, if `cargo build -p mosaik-link` was
 * done. Prints figures; `STROKES` makes it smaller for a look.
 */

import { close, enter, press } from "./lesson-page.mjs";
import { deflateRawSync } from "node:zlib";
import { startLink } from "./link.mjs";
import { built, startRelay } from "./relay.mjs";
import { eventually } from "./wait.mjs";

const STROKES = Number(process.env.STROKES ?? 10_000);
/** A page that a class has filled. */
const USUAL = 2_000;
const part = (name) => `[data-testid="${name}"]`;
const plain = { prepare: async () => undefined };

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function number(value) {
  let bits = (Math.abs(value) << 1) | (value < 0 ? 1 : 0);
  let text = "";
  do {
    const more = bits >> 5;
    text += DIGITS[(bits % 32) | (more ? 32 : 0)];
    bits = more;
  } while (bits);
  return text;
}

/** Numbers by chance that are the same each time. */
function dice(seed) {
  let state = seed * 7_919 + 17;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Handwriting of a kind: a letter of ten points on the grid, as the page leaves it when a stroke is finished. */
function stroke(index) {
  const roll = dice(index);
  const step = () => 4 * Math.round((roll() - 0.5) * 32);
  const from = [300 + (index % 60) * 260 + step(), 300 + (Math.floor(index / 60) % 34) * 260 + step()];
  const points = [from, ...Array.from({ length: 9 }, () => [step(), step()])];
  return `p${index % 8}${index % 3}${points.map(([x, y]) => number(x) + number(y)).join("")}`;
}

/** Bytes of so many strokes in parts of 256, packed as the room packs them. */
function packedBytes(count) {
  let bytes = 0;
  for (let first = 0; first < count; first += 256) {
    const shapes = Array.from({ length: Math.min(256, count - first) }, (_, index) => [0, first + index + 1, stroke(first + index)]);
    bytes += 1 + deflateRawSync(JSON.stringify({ kind: "shapes", part: [first / 256, count], authors: ["0123456789abcdef"], shapes })).length;
  }
  return bytes;
}

/** Lets the page say commands of its own making: as many as the room takes. */
const takeStore = async (page) => {
  await page.evaluateOnNewDocument(() => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function postMessage(message, ...others) {
      if (message?.kind === "open") globalThis.engine = this;
      if (message?.kind === "command") globalThis.lastNumber = JSON.parse(message.text).number;
      return post.call(this, message, ...others);
    };
  });
};

const shapes = ({ page }) => page.$eval(part("board-paper"), (paper) => Number(paper.dataset.shapes)).catch(() => -1);

/** Pictures a second while something is done, and the longest time between two. */
async function fluency({ page }, doing) {
  await page.evaluate(() => {
    globalThis.pictures = [];
    const note = (at) => {
      globalThis.pictures?.push(at);
      if (globalThis.pictures) requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  await doing();
  return page.evaluate(() => {
    const times = globalThis.pictures;
    globalThis.pictures = undefined;
    const gaps = times.slice(1).map((at, index) => at - times[index]);
    return { fps: (gaps.length * 1000) / (times.at(-1) - times[0]), longestMs: Math.max(...gaps) };
  });
}

/** Says a command past the page, which counts its own. */
const command = ({ page }, wanted) =>
  page.evaluate((act) => {
    globalThis.lastNumber += 1;
    globalThis.engine.postMessage({ kind: "command", text: JSON.stringify({ number: globalThis.lastNumber, command: { kind: "board", act } }) });
  }, wanted);

async function fill(teacher, count) {
  const me = await teacher.page.$eval(part("tile"), (tile) => tile.dataset.participant);
  const from = await shapes(teacher);
  for (let first = from; first < count; first += 50) {
    const ops = Array.from({ length: Math.min(50, count - first) }, (_, index) => ({ kind: "put", id: `${me}.${first + index + 1}`, shape: stroke(first + index) }));
    await command(teacher, { kind: "draw", board: "page/1", ops });
    await eventually(`${first + ops.length} strokes`, async () => (await shapes(teacher)) >= Math.min(first + ops.length, count) - 500, 30_000);
  }
  await eventually(`${count} strokes`, async () => (await shapes(teacher)) === count, 60_000);
}

const still = ({ page }) => eventually("a board that is painted", () => page.$eval(".board-layer", (canvas) => canvas.dataset.busy === "false"), 60_000);

async function work(person) {
  const { page } = person;
  const box = await page.$eval(part("board-paper"), (paper) => paper.getBoundingClientRect().toJSON());
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await still(person);
  const drawn = await fluency(person, async () => {
    await page.mouse.down();
    for (let step = 0; step < 120; step += 1) await page.mouse.move(x + 200 * Math.sin(step / 9), y + 150 * Math.cos(step / 7));
    await page.mouse.up();
  });
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  await still(person);
  const panned = await fluency(person, async () => {
    for (let step = 0; step < 120; step += 1) await page.mouse.wheel({ deltaX: 12 * Math.sign(Math.sin(step / 20)), deltaY: 8 * Math.sign(Math.cos(step / 15)) });
  });
  return { drawn, panned };
}

/** The link of a page behind a line of 1 Mbit/s; null if the line is not built. */
async function behindLine(relay) {
  if (built("link") === undefined) return null;
  const { port, stop } = await startLink("dsl-1m", relay.port);
  return { link: relay.studentLink.replace(`:${relay.port}`, `:${port}`), stop };
}

/** Notes when the board of a page begins to be shown, has something on it, is seen as a whole, and is there exactly; ms. */
function installWatch(paper, count) {
  const inked = (canvas) => new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer).some((pixel) => pixel !== 0);
  const times = (globalThis.boardTimes = {});
  let began;
  const look = () => {
    const shown = document.querySelector(paper);
    const canvas = shown?.querySelector(".board-layer");
    began ??= shown && performance.now();
    const note = (name) => (times[name] ??= performance.now() - began);
    if (times.first === undefined && canvas && inked(canvas)) note("first");
    if (shown?.dataset.seen === String(count)) note("known");
    if (times.known !== undefined && canvas?.dataset.painted === String(count)) note("seen");
    if (shown?.dataset.shapes === String(count)) note("all");
    if (times.seen === undefined || times.all === undefined) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** How long somebody waits for such a page on that line who comes late, from when the board begins to be shown to them. */
async function onLine(relay, strokes) {
  const line = await behindLine(relay);
  if (line === null) return console.log("the line of 1 Mbit/s is not built");
  const late = await enter("chromium", line.link, `Kind vor ${strokes} Strichen`, plain);
  try {
    await eventually("the page", async () => (await shapes(late)) === strokes, 60_000);
    // Once more, with the code in the browser's cache.
    await late.page.evaluateOnNewDocument(installWatch, part("board-paper"), strokes);
    await late.page.reload();
    await press(late, "join-button");
    await eventually("the page again", () => late.page.evaluate(() => globalThis.boardTimes.seen !== undefined && globalThis.boardTimes.all !== undefined), 60_000);
    const { first, known, seen, all } = await late.page.evaluate(() => globalThis.boardTimes);
    console.log(`${strokes} strokes: ${(packedBytes(strokes) / 1000).toFixed(1)} kB, ${(packedBytes(strokes) / strokes).toFixed(1)} bytes each`);
    const [newest, told, painted, exact] = [first, known, seen, all].map((ms) => ms.toFixed(0));
    console.log(`${strokes} strokes on 1 Mbit/s: the newest are seen after ${newest} ms, all have come as sketches at least after ${told} ms and are seen after ${painted} ms, and all are there after ${exact} ms`);
  } finally {
    await close([late]);
    line.stop();
  }
}

const relay = await startRelay();
const people = [];
try {
  const teacher = await enter("chromium", relay.teacherLink, "Frau Beispiel", { prepare: takeStore });
  people.push(teacher);
  await (await teacher.page.waitForSelector(part("board-toggle"))).click();
  await eventually("an empty board", async () => (await shapes(teacher)) === 0);
  await fill(teacher, Math.min(USUAL, STROKES));
  if (STROKES >= USUAL) await onLine(relay, USUAL);
  const began = Date.now();
  await fill(teacher, STROKES);
  console.log(`${STROKES} strokes, sent in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  await still(teacher);
  await onLine(relay, STROKES);
  for (const kind of ["chromium", "firefox"]) {
    const late = await enter(kind, relay.studentLink, `Kind in ${kind}`, plain);
    people.push(late);
    const joined = Date.now();
    await eventually("all strokes", async () => (await shapes(late)) >= STROKES, 60_000);
    const known = Date.now() - joined;
    await still(late);
    const painted = Date.now() - joined;
    const { drawn, panned } = await work(late);
    console.log(`${kind}: all there ${known} ms after the room, painted after ${painted} ms`);
    for (const [what, { fps, longestMs }] of Object.entries({ drawing: drawn, panning: panned })) {
      console.log(`  ${what.padEnd(8)} ${fps.toFixed(1)} pictures a second, the longest took ${longestMs.toFixed(0)} ms`);
    }
  }
} finally {
  await close(people);
  await relay.stop();
}
