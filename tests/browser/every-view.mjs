/** A lesson that comes by every view of the page, from the first link to the receipt and a line that is cut. */

import assert from "node:assert/strict";
import { close, enter, isIn, meet, openPanel, part, plain, press, say } from "./lesson-page.mjs";
import { ask, vote } from "./polls-page.mjs";
import { startRelay } from "./relay.mjs";
import { installScreen, seesScreen, share } from "./screen-page.mjs";
import { DOORS, admit, administer, clear, namesOf, reach, showSlides, takeCaptions } from "./views.mjs";

const SECRET = "the-secret-of-the-administrator";
/** The receipt comes when everything of the room was measured again. */
const RECEIPT_MS = 60_000;

/** A page beside the others of a browser, as long as it is needed. */
async function aside({ browser, page }, body) {
  const beside = { page: await browser.newPage(), browser };
  await body(beside);
  await beside.page.close();
  await page.bringToFront();
}

async function doors(student, relay, look) {
  for (const name of ["no link", "an expired link", "join without a name", "join with a question", "join with devices", "join with its line", "join"]) {
    await DOORS[name](student, relay.studentLink);
    await look(student, name);
  }
  await aside(student, async (beside) => {
    await DOORS["an old browser"](beside, relay.studentLink);
    await look(beside, "an old browser");
  });
  await aside(student, async (beside) => {
    const { origin } = new URL(relay.teacherLink);
    await beside.page.goto(`${origin}/admin`);
    await beside.page.waitForSelector(part("admin-secret"));
    await look(beside, "admin's secret");
    await administer(beside, origin, SECRET);
    await look(beside, "admin");
  });
}

/** The student knocks, and comes in with consent; then the room is full. */
async function entry(teacher, student, relay, look) {
  await reach(teacher, "room settings");
  await press(teacher, "entry-ask");
  await teacher.page.waitForSelector(part("waiting-message"));
  await look(teacher, "room settings with a waiting room");
  await clear(teacher);
  await student.page.type(part("join-name"), student.name);
  for (const medium of ["seen", "heard", "read"]) await student.page.$eval(part(`consent-${medium}`), (box) => box.click());
  await press(student, "join-button");
  await admit(teacher, student, async () => {
    await look(student, "waiting");
    await look(teacher, "people with who waits");
  });
  await aside(student, async (beside) => {
    await DOORS["a full room"](beside, relay.studentLink);
    await look(beside, "a full room");
  });
}

/** Something in every panel, and what comes to the student unasked. */
async function lively(teacher, student, look) {
  await say(teacher, "Guten Morgen! https://example.org");
  await say(student, "Guten Morgen");
  await clear(student);
  await press(student, "hand-toggle");
  await press(teacher, "people-toggle");
  await teacher.page.waitForSelector(part("raised-hand"));
  await look(teacher, "people with a hand");
  await press(teacher, "call-on", part("raised-hand"));
  await student.page.waitForSelector(part("speak-request"));
  await look(student, "called on");
  await press(student, "speak-no");
  await ask(teacher, "Wie fließt Wasser?", { kind: "choice", options: "Bergab\nBergauf" });
  await student.page.waitForSelector(part("poll-invitation"));
  await look(student, "a question waits");
  await vote(student, 0);
  await student.page.waitForSelector(part("poll-voted"));
  await press(teacher, "timer-toggle");
  await press(teacher, "timer-preset");
  await student.page.waitForSelector(part("timer"));
}

async function shown(teacher, student, look) {
  await showSlides(teacher);
  await clear(teacher);
  await student.page.waitForSelector(part("slide-picture"));
  await look(student, "slides of a student");
  for (const name of namesOf.slides) {
    await reach(teacher, name);
    await look(teacher, name);
  }
  await clear(teacher);
  await press(teacher, "slide-close");
  await student.page.waitForSelector(part("slide"), { hidden: true });
  for (const name of namesOf.board) {
    await reach(teacher, name);
    await look(teacher, name);
  }
  await clear(teacher);
  await student.page.waitForSelector(part("board"));
  await look(student, "board of a student");
  await press(teacher, "board-toggle");
  await student.page.waitForSelector(part("board"), { hidden: true });
}

/** The teacher's screen, and captions below it. */
async function screened(teacher, student, look) {
  // The last layout that was looked at has no pictures.
  for (const person of [teacher, student]) await reach(person, "room in presentation");
  await clear(teacher);
  await share(teacher);
  await seesScreen(student);
  await clear(student);
  await look(student, "a screen");
  await look(teacher, "an own screen");
  await takeCaptions(student, "show");
  await takeCaptions(teacher, "write");
  await (await teacher.page.waitForSelector(part("captions-line"))).type("Wer mag den Weg des Wassers erklären?");
  await student.page.waitForSelector(part("caption"));
  await look(student, "captions of a student");
  await look(teacher, "captions");
  await takeCaptions(teacher, "write");
  await share(teacher);
  await student.page.waitForSelector(part("screen-tile"), { hidden: true });
}

async function locked(teacher, student, look) {
  await reach(teacher, "room settings");
  await press(teacher, "preset-lecture");
  await student.page.waitForSelector(`${part("mic-toggle")}[data-locked="true"]`);
  await press(student, "mic-toggle");
  await student.page.waitForSelector(part("lock-told"));
  await look(student, "told of a lock");
  await press(teacher, "preset-discussion");
  await clear(teacher);
}

async function groups(teacher, student, look) {
  await reach(teacher, "groups");
  await press(teacher, "breakouts-open");
  await student.page.waitForSelector(part("breakout-bar"));
  await look(teacher, "open groups");
  await press(student, "call-help");
  await teacher.page.waitForSelector(part("help-call"));
  await look(teacher, "a group calls");
  await (await teacher.page.waitForSelector(part("tell-groups"))).type("5 min");
  await press(teacher, "tell-groups-send");
  await student.page.waitForSelector(part("breakout-notice"));
  await look(student, "in a group");
  await openPanel(student, "breakouts");
  await look(student, "groups of a student");
  await press(teacher, "close-now");
  await student.page.waitForSelector(part("breakout-bar"), { hidden: true });
}

async function ending(teacher, student, look) {
  await reach(teacher, "end");
  await press(teacher, "end-confirm");
  await student.page.waitForSelector(part("end-ended"));
  await look(student, "the end");
  await teacher.page.waitForSelector(part("receipt"), { timeout: RECEIPT_MS });
  await look(teacher, "receipt");
}

/** The relay goes away under a lesson. */
async function cutOff(student, relay, look) {
  await DOORS.join(student, relay.studentLink);
  await student.page.type(part("join-name"), student.name);
  await press(student, "join-button");
  await isIn(student);
  await relay.stop();
  await student.page.waitForSelector(`${part("status-banner")}[data-state="reconnecting"]`);
  await look(student, "reconnecting");
}

/** `look` is given whose page it is and what the view is called, of each view once; the page stays as it is meanwhile. */
export async function everyView(kind, look) {
  const relay = await startRelay(["--admin-secret", SECRET, "--participants", "2"]);
  const people = [];
  try {
    const teacher = await enter(kind, relay.teacherLink, "Frau Beispiel", { ...plain, isStill: true, prepare: (page) => page.evaluateOnNewDocument(installScreen, "still") });
    people.push(teacher);
    const student = await meet(kind, "Ayla", { isStill: true });
    people.push(student);
    await doors(student, relay, look);
    await entry(teacher, student, relay, look);
    await lively(teacher, student, look);
    for (const [person, names] of [[student, namesOf.student], [teacher, [...namesOf.anyone, ...namesOf.teacher]]]) {
      for (const name of names) {
        await reach(person, name);
        await look(person, `${name} of ${person.name}`);
      }
      await clear(person);
    }
    await shown(teacher, student, look);
    await screened(teacher, student, look);
    await locked(teacher, student, look);
    await groups(teacher, student, look);
    await ending(teacher, student, look);
    for (const person of people) assert.deepEqual(person.errors, [], `${person.name}'s page has no errors`);
    await cutOff(student, relay, look);
  } finally {
    await close(people);
    await relay.stop();
  }
}
