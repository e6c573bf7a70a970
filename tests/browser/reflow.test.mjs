/**
 * Where there is little room, 320 px or letters twice as large (WCAG 1.4.4 and 1.4.10): no view is wider than its
 * window, and everything that can be pressed can be seen whole, at once or by scrolling what it is in.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP } from "./browsers.mjs";
import { close, enter, knock, part, plain, press, say } from "./lesson-page.mjs";
import { ask } from "./polls-page.mjs";
import { kindsFor } from "./pairs.mjs";
import { startRelay } from "./relay.mjs";
import { DOORS, admit, clear, namesOf, reach, showSlides } from "./views.mjs";

const USUAL_PX = 16;
const USUAL = { ...DESKTOP, letters: USUAL_PX };
/** A phone of 320 px, and a desktop whose person has set letters to 200 % in the browser. */
const ROOMS = [
  { width: 320, height: 640, letters: USUAL_PX },
  { ...DESKTOP, letters: 2 * USUAL_PX },
];
/** Firefox takes the size of letters only when it starts. */
const roomsOf = (kind) => ROOMS.filter(({ letters }) => kind === "chromium" || letters === USUAL_PX);
/** px that rounding may take. */
const SLACK = 1;

/** What is wrong with the page as it is, a line each. */
function cutOff(slack) {
  const wrong = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) wrong.push(`the page is ${scrollWidth} px wide in ${clientWidth}`);
  const scope = document.querySelector("dialog:modal") ?? document.body;
  const scrolls = (style, axis) => ["auto", "scroll"].includes(style[axis]);
  for (const element of scope.querySelectorAll("button, a[href], select, input:not(.hidden), textarea, summary, label, h1, h2, h3, p, td, th, dd, dt, legend")) {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || element.closest(".hidden, [aria-hidden=true]")) continue;
    const box = element.getBoundingClientRect();
    if (box.width <= slack || box.height <= slack) continue;
    const edges = { left: [0, "overflowX"], right: [innerWidth, "overflowX"], top: [0, "overflowY"], bottom: [innerHeight, "overflowY"] };
    const open = new Set(Object.keys(edges));
    for (let around = element.parentElement; around !== null; around = around.parentElement) {
      const style = getComputedStyle(around);
      const inside = around.getBoundingClientRect();
      for (const edge of open) {
        const axis = edges[edge][1];
        // What scrolls shows everything, one part after the other.
        if (scrolls(style, axis)) open.delete(edge);
        else if (["hidden", "clip"].includes(style[axis])) edges[edge][0] = edge === "left" || edge === "top" ? Math.max(edges[edge][0], inside[edge]) : Math.min(edges[edge][0], inside[edge]);
      }
    }
    const pageScrolls = getComputedStyle(document.body).overflowY !== "hidden" && document.documentElement.scrollHeight > innerHeight;
    if (pageScrolls) ["top", "bottom"].forEach((edge) => open.delete(edge));
    const out = [...open].filter((edge) => (edge === "left" || edge === "top" ? box[edge] < edges[edge][0] - slack : box[edge] > edges[edge][0] + slack));
    if (out.length > 0) wrong.push(`${element.tagName.toLowerCase()} "${(element.ariaLabel ?? element.textContent).trim().slice(0, 40)}" (${element.className}) is cut off: ${out.map((edge) => `${edge} ${Math.round(box[edge])} beyond ${Math.round(edges[edge][0])}`).join(", ")}`);
    if (element.matches("button, a[href], summary") && getComputedStyle(element).overflowX === "hidden" && element.scrollWidth > element.clientWidth + slack) wrong.push(`the words of "${element.textContent.trim().slice(0, 40)}" are cut off`);
  }
  return wrong;
}

function createCheck() {
  const found = [];
  return {
    found,
    async look({ page }, room, name) {
      const wrong = await page.evaluate(cutOff, SLACK);
      found.push(...wrong.map((line) => `${name} in ${room.width} px with letters of ${room.letters} px: ${line}`));
    },
  };
}

/** Gives a page this much room. */
async function furnish({ kind, page }, { width, height, letters }) {
  if (kind === "chromium") {
    const session = await page.createCDPSession();
    await session.send("Page.setFontSizes", { fontSizes: { standard: letters } });
    await session.detach();
  }
  await page.setViewport({ width, height });
  assert.equal(await page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize)), letters);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

async function inEach(person, check, name) {
  for (const room of roomsOf(person.kind)) {
    await furnish(person, room);
    await check.look(person, room, name);
  }
}

/** Each view is reached in the room that it is looked at in: tools may be behind "more" there. */
async function walk(person, check, names) {
  for (const room of roomsOf(person.kind)) {
    await furnish(person, room);
    for (const name of names) {
      await reach(person, name);
      await check.look(person, room, `${name} of ${person.name}`);
    }
    await clear(person);
  }
}

async function lesson(kind) {
  const relay = await startRelay(["--participants", "2"]);
  const check = createCheck();
  const people = [];
  try {
    const teacher = await enter(kind, relay.teacherLink, "Frau Beispiel", { ...plain, isStill: true });
    people.push(teacher);
    await reach(teacher, "room settings");
    await press(teacher, "entry-ask");
    await clear(teacher);
    const student = await knock(kind, relay.studentLink, "Ayla", { ...plain, isStill: true });
    people.push(student);
    await admit(teacher, student, async () => inEach(student, check, "waiting"));
    const beside = { kind, page: await student.browser.newPage() };
    for (const name of ["join", "join with devices", "join with a question", "join without a name", "a full room"]) {
      await DOORS[name](beside, relay.studentLink);
      await inEach(beside, check, name);
    }
    await beside.page.close();
    await student.page.bringToFront();
    await furnish(student, USUAL);
    await say(teacher, "Guten Morgen! https://example.org/ein-sehr-langer-weg-zu-einer-seite-die-es-nicht-gibt");
    await ask(teacher, "Wie fließt Wasser?", { kind: "choice", options: "Bergab\nBergauf" });
    await press(student, "hand-toggle");
    await walk(teacher, check, [...namesOf.anyone, ...namesOf.teacher]);
    await walk(student, check, namesOf.student);
    await furnish(teacher, USUAL);
    await showSlides(teacher);
    await walk(teacher, check, namesOf.slides);
    await furnish(teacher, USUAL);
    await press(teacher, "slide-close");
    await walk(teacher, check, namesOf.board);
    await reach(teacher, "end");
    await press(teacher, "end-confirm");
    await student.page.waitForSelector(part("end-ended"));
    await inEach(student, check, "the end");
    await teacher.page.waitForSelector(part("receipt"), { timeout: 60_000 });
    await inEach(teacher, check, "receipt");
    assert.deepEqual(check.found, []);
  } finally {
    await close(people);
    await relay.stop();
  }
}

for (const kind of kindsFor("chromium")) {
  test(`with 320 px or letters twice as large nothing is cut off, in ${kind}`, () => lesson(kind));
}
