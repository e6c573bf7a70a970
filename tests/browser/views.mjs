/**
 * Every view of the page by name, and how a person comes there: what is looked at for accessibility, at 320 px and in
 * the pictures of docs/ is the same.
 */

import { isIn, openPanel, part, press, pressTool } from "./lesson-page.mjs";
import * as slides from "./slides-page.mjs";
import { eventually } from "./wait.mjs";

export const LAYOUTS = ["presentation", "speaker", "gallery", "audio"];

/** What lies over the room or beside it: Escape closes one after the other, and a dialog goes a moment after it is hidden. */
const OVER = "dialog, .panel, #sign-menu, #layout-menu, #devices-menu, #more-menu, #timer-menu, #own-line, #tile-menu, #board-menu, #slide-menu";

/** What is open has closed by then, if it heard the key. */
const HEARD_MS = 2_000;

/** Back to the room alone. A key that came before what is open listened is pressed again. */
export async function clear({ page }) {
  await eventually("the room alone", async () => {
    const open = (await page.$$(OVER)).length;
    if (open === 0) return true;
    await page.keyboard.press("Escape");
    await page.waitForFunction((over, before) => document.querySelectorAll(over).length < before, { timeout: HEARD_MS }, OVER, open).catch(() => undefined);
    return false;
  });
}

/** A line is looked at beside everything else. */
const CHECKED_MS = 60_000;

const shows = ({ page }, name) => page.waitForSelector(part(name));

async function openTool(person, tool, opened) {
  await pressTool(person, tool);
  await shows(person, opened);
}

async function takeLayout(person, layout) {
  await openTool(person, "layout-toggle", "layout-menu");
  await press(person, `layout-${layout}`);
  await person.page.waitForSelector(`main[data-layout="${layout}"]`);
}

/** Switches captions on or off, to "show" or to "write" them, in the picker of layouts. */
export async function takeCaptions(person, what) {
  await openTool(person, "layout-toggle", "layout-menu");
  await press(person, `captions-${what}`);
  await clear(person);
}

/** Something in the list of people. */
async function amongPeople(person, way, opened) {
  await openPanel(person, "people");
  await press(person, way);
  await shows(person, opened);
}

/** What was open there is still. */
async function openPerson(person) {
  await openPanel(person, "people");
  if (!(await person.page.$(part("make-presenter")))) await press(person, "person-menu", `${part("person")}[data-role="viewer"] `);
  await shows(person, "make-presenter");
}

async function openLine(person) {
  await press(person, "line-toggle");
  await shows(person, "own-line");
}

async function openShortcuts(person) {
  await person.page.keyboard.press("?");
  await shows(person, "shortcuts");
}

async function openDevices(person) {
  await (await person.page.waitForSelector(`.tool-corner, ${part("devices-toggle")}, ${part("more-toggle")}`)).click();
  if (await person.page.$(part("more-menu"))) await press(person, "devices-toggle");
  await shows(person, "devices-menu");
}

async function openTile(person) {
  const tile = await person.page.waitForSelector(part("tile"));
  await tile.hover();
  await (await tile.$(part("tile-menu-open"))).click();
  await shows(person, "tile-menu");
}

async function openMessage(person) {
  await openPanel(person, "chat");
  if (!(await person.page.$(part("message-reply")))) await press(person, "message-more");
  await shows(person, "message-reply");
}

const behind = (first, way, opened) => async (person) => {
  await first(person);
  await press(person, way);
  await shows(person, opened);
};

const panel = (name) => (person) => openPanel(person, name);
const from = (way, opened) => async (person) => {
  await press(person, way);
  await shows(person, opened);
};

/** The same for everyone. */
const ANYONES = {
  room: async () => undefined,
  ...Object.fromEntries(LAYOUTS.map((layout) => [`room in ${layout}`, (person) => takeLayout(person, layout)])),
  chat: panel("chat"),
  people: panel("people"),
  polls: panel("polls"),
  notes: async (person) => {
    await openPanel(person, "notes");
    await shows(person, "notes-text");
  },
  files: panel("files"),
  signs: (person) => openTool(person, "sign-toggle", "sign-menu"),
  layouts: (person) => openTool(person, "layout-toggle", "layout-menu"),
  devices: openDevices,
  "own line": openLine,
  "a person on the stage": openTile,
  "a message": openMessage,
  consent: from("consent-open", "consent-dialog"),
  shortcuts: openShortcuts,
};

/** Of whoever leads. */
const TEACHERS = {
  groups: panel("breakouts"),
  person: openPerson,
  remove: behind(openPerson, "remove-person", "remove-dialog"),
  lines: (person) => amongPeople(person, "lines-open", "line-of"),
  attendance: (person) => amongPeople(person, "attendance-open", "attendee"),
  log: (person) => amongPeople(person, "log-open", "log"),
  "room settings": from("room-settings", "room-sheet"),
  timer: from("timer-toggle", "timer-menu"),
  end: (person) => openTool(person, "end-room", "end-dialog"),
};

/** While a board is on the stage. */
const BOARDS = {
  board: async (person) => {
    if (!(await person.page.$(part("board")))) await pressTool(person, "board-toggle");
    await shows(person, "board-tool");
  },
  "a board's ways": from("board-more", "board-menu"),
};

/** While slides are on the stage. */
const SLIDES = {
  slides: async (person) => shows(person, "slide-picture"),
  "slides with tools": async (person) => {
    if (!(await person.page.$(part("slide-tools")))) await slides.pen(person);
  },
  "slides' ways": from("slide-save", "slide-menu"),
};

/** What is another thing for who does not lead. */
const STUDENTS = ["room", ...LAYOUTS.map((layout) => `room in ${layout}`), "chat", "people", "polls", "notes", "files", "signs", "consent"];

export const namesOf = { student: STUDENTS, anyone: Object.keys(ANYONES), teacher: Object.keys(TEACHERS), board: Object.keys(BOARDS), slides: Object.keys(SLIDES) };

const WAYS = { ...ANYONES, ...TEACHERS, ...BOARDS, ...SLIDES };

/** From wherever in the room this person is. */
export async function reach(person, name) {
  const way = WAYS[name];
  if (way === undefined) throw new Error(`there is no view called ${name}`);
  await clear(person);
  await way(person);
}

/** What is before the room, by its link. */
export const DOORS = {
  join: async ({ page }, link) => {
    await load(page, link);
    await page.waitForSelector(part("consent-seen"));
  },
  "join with devices": async (person, link) => {
    await DOORS.join(person, link);
    await (await person.page.waitForSelector(".join-devices > summary")).click();
  },
  "join with its line": async (person, link) => {
    await DOORS.join(person, link);
    await person.page.waitForSelector(`${part("line-check")}:not([data-light="checking"])`, { timeout: CHECKED_MS });
    await (await person.page.waitForSelector(`${part("line-check")} summary`)).click();
  },
  "join without a name": async (person, link) => {
    await DOORS.join(person, link);
    await press(person, "join-button");
    await person.page.waitForSelector('[aria-invalid="true"]');
  },
  "join with a question": async (person, link) => {
    await DOORS.join(person, link);
    await press(person, "cam-toggle");
    await shows(person, "consent-question");
  },
  "an expired link": async (person, link) => {
    await ask(person, link.replace(/[^/]*$/, "AAAAAAAAAAAAAAAAAAAAAA"));
    await person.page.waitForSelector('[data-testid^="link-"]');
  },
  "no link": async ({ page }, link) => {
    await page.goto(new URL(link).origin);
    await page.waitForSelector(part("link-missing"));
  },
  "a full room": async (person, link) => {
    await ask(person, link);
    await person.page.waitForSelector(`${part("join-problem")}[data-problem="roomFull"]`);
  },
  "an old browser": async ({ page }, link) => {
    await page.evaluateOnNewDocument(() => delete globalThis.VideoDecoder);
    await page.goto(link);
    await page.waitForSelector(part("browser-unsupported"));
  },
};

/** Anew, whatever was there: another part behind the # alone loads nothing. */
async function load(page, link) {
  await page.goto("about:blank");
  await page.goto(link);
}

/** Joins by the link as it is. */
async function ask({ page, name = "Cem" }, link) {
  await load(page, link);
  await (await page.waitForSelector(part("join-name"))).type(name);
  await page.click(part("join-button"));
}

/** The administrator's page, before and behind its secret. */
export async function administer({ page }, origin, secret) {
  await page.goto(`${origin}/admin`);
  await (await page.waitForSelector(part("admin-secret"))).type(secret);
  await page.click(part("admin-open"));
  await page.waitForSelector(part("admin-room"));
}

/** Has this person knock, and in when the teacher says so; `waiting` is done in between. */
export async function admit(teacher, student, waiting) {
  await shows(student, "waiting");
  await openPanel(teacher, "people");
  await shows(teacher, "waiting-person");
  await waiting();
  await press(teacher, "admit");
  await isIn(student);
}

/** Slides on the stage. */
export async function showSlides(teacher) {
  const pages = [{ colour: [0.85, 0.93, 0.97], words: "Der Weg des Wassers" }, { colour: [0.9, 0.95, 0.86], words: "Vom Regen zum Fluss" }];
  await slides.pick(teacher, "slides-input", slides.file("Wasser.pdf", slides.pdf(pages)));
  await shows(teacher, "slide-picture");
}
