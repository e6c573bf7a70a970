/** The door of a room: who waits, is let in, turned away or removed, what is closed, links, and a teacher who does not come back. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { act, click, inSheet, line, read, shows } from "./lead-page.mjs";
import { close, enter, isGone, isIn, knock as comeTo, openPanel, part, plain } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { startRelay } from "./relay.mjs";
import { eventually } from "./wait.mjs";

/** A name that would be a script if it were no text (BigBlueButton's GHSA-v6wg-q866-h73x). */
const SCRIPT = `<img src=x onerror="globalThis.hacked=1">`;

/** Comes to the door, whatever becomes of it. */
const knock = (kind, link, name, language) => comeTo(kind, link, name, { ...plain, agrees: [], language });

async function askIn({ page, name }) {
  await page.waitForSelector(part("join-name"));
  await page.$eval(part("join-name"), (field) => (field.value = ""));
  await page.type(part("join-name"), name);
  await page.click(part("join-button"));
}

async function withRelay(body, args = []) {
  const relay = await startRelay(args);
  const people = [];
  try {
    await body(relay, people);
    for (const { name, errors } of people) assert.deepEqual(errors, [], `${name}'s page has no errors`);
  } finally {
    await close(people);
    await relay.stop();
  }
}

const says = (person, name, words) => eventually(`${person.name} to read "${words}"`, async () => (await read(person, name)).includes(words));

/** Knocks, is turned away, knocks again and is let in. */
async function knocks(teacher, student) {
  await shows(student, "waiting");
  await says(student, "waiting", "um acht");
  assert.equal(await student.page.$(part("chat-toggle")), null, "who waits sees nothing of the room");
  await openPanel(teacher, "people");
  await shows(teacher, "waiting-person");
  assert.ok((await read(teacher, "waiting-person")).includes("<img src=x"), "a name is text");
  await click(teacher, "turn-away");
  await shows(student, "end-turnedAway");
  await says(student, "end-turnedAway", student.words.door.end.turnedAway.title);
  await isGone(teacher, "waiting-person");
  assert.equal(await line(teacher, "<img src=x"), undefined);

  await click(student, "rejoin");
  await click(student, "join-button");
  await shows(student, "waiting");
  await click(teacher, "admit");
  await shows(student, "chat-toggle");
  await eventually("the teacher on the student's stage", async () => (await student.page.$(`${part("tile")}[data-role="moderator"]`)) !== null);
  await isGone(teacher, "waiting-person");
}

/** Nobody new comes in, and who was there comes back. */
async function closed(relay, teacher, student) {
  await inSheet(teacher, () => click(teacher, "entry-closed"));
  const newcomer = { name: "Ben", words: student.words, page: await student.browser.newPage() };
  await newcomer.page.goto(relay.studentLink);
  await askIn(newcomer);
  await newcomer.page.waitForSelector(`${part("join-problem")}[data-problem="roomLocked"]`);
  await says(newcomer, "join-problem", student.words.door.failure.roomLocked.title);
  assert.equal(await teacher.page.$(part("waiting-person")), null, "who is not let in does not knock either");
  await newcomer.page.close();
  await student.page.bringToFront();
  await student.page.reload();
  await click(student, "join-button");
  await shows(student, "chat-toggle");
  await eventually("the teacher to see who came back", () => line(teacher, "<img src=x"));
}

/** Who was removed does not come back, neither as themselves nor by the class's link under another name. */
async function removed(relay, teacher, student) {
  await act(teacher, "<img src=x", "remove-person");
  await click(teacher, "remove-confirm");
  await shows(student, "end-removed");
  await eventually("the student to be gone", async () => (await line(teacher, "<img src=x")) === undefined);
  await student.page.reload();
  await askIn(student);
  await eventually("to be told why", async () => (await student.page.$eval("body", (body) => body.innerText)).includes(student.words.door.failure.removed.title));
  assert.equal(await student.page.$(part("waiting")), null);
  await inSheet(teacher, () => click(teacher, "entry-open"));
  const other = { name: "Mia", page: await student.browser.newPage() };
  await other.page.goto(relay.studentLink);
  await askIn(other);
  await other.page.waitForSelector(`${part("join-problem")}[data-problem="removed"]`);
  assert.equal(await line(teacher, "Mia"), undefined);
}

for (const pair of pairs("firefox")) {
  test(`who knocks is turned away, let in, kept by a closed door, and does not come back once removed: ${pair.name}`, () =>
    withRelay(async (relay, people) => {
      const teacher = await enter(pair.teacher, relay.teacherLink, "Frau Beispiel", { ...plain, language: pair.language });
      people.push(teacher);
      await inSheet(teacher, async () => {
        await click(teacher, "entry-ask");
        await (await shows(teacher, "waiting-message")).type("Wir fangen um acht an.");
        await teacher.page.keyboard.press("Enter");
      });
      const student = await knock(pair.student, relay.studentLink, SCRIPT.slice(0, 60), pair.language);
      people.push(student);
      await knocks(teacher, student);
      await closed(relay, teacher, student);
      await removed(relay, teacher, student);
      for (const person of people) assert.equal(await person.page.evaluate(() => globalThis.hacked), undefined);
    }));

  test(`a lesson whose teacher does not come back says so, and then why it is over: ${pair.name}`, () =>
    withRelay(async (relay, people) => {
      const teacher = await enter(pair.teacher, relay.teacherLink, "Frau Beispiel", { ...plain, language: pair.language });
      people.push(teacher);
      const student = await enter(pair.student, relay.studentLink, "Ayla", { ...plain, language: pair.language });
      people.push(student);
      await click(teacher, "leave");
      await shows(teacher, "end-left");
      // Where the page's last word was lost with its line, the seat is kept for a while.
      await student.page.waitForSelector(`${part("status-banner")}[data-state="unattended"]`, { timeout: 60_000 });
      await student.page.waitForSelector(part("end-ended"), { timeout: 30_000 });
      await says(student, "end-ended", student.words.door.end.unattended);
    }, ["--moderator-timeout", "10"]));
}

for (const pair of pairs("chromium")) {
  test(`a personal link has its person's name, links last as long as is chosen, and one that was renewed opens nothing: ${pair.name}`, () =>
    withRelay(async (relay, people) => {
      const { student: kind, language } = pair;
      const teacher = await enter(pair.teacher, relay.teacherLink, "Frau Beispiel", { ...plain, language });
      people.push(teacher);
      await click(teacher, "room-settings");
      await shows(teacher, "class-link");
      const address = (name) => teacher.page.$eval(`${part(name)} input`, ({ value }) => value);
      const lasts = (minutes) => teacher.page.select(`${part("links")} select`, String(minutes));
      const ends = ({ page }, name) => page.$eval(part(name), (link) => link.querySelector(".person-under")?.textContent);
      assert.equal(await address("class-link"), relay.studentLink);
      assert.equal(await ends(teacher, "class-link"), undefined, "the first one has no end");
      await teacher.page.type(part("invite-name"), "Kim");
      await lasts(24 * 60);
      await click(teacher, "invite");
      await shows(teacher, "personal-link");
      const personal = await address("personal-link");
      assert.equal(await ends(teacher, "personal-link"), teacher.words.links.ends(24));
      await lasts(60);
      await click(teacher, "renew-link");
      await eventually("another link", async () => (await address("class-link")) !== relay.studentLink);
      assert.equal(await ends(teacher, "class-link"), teacher.words.links.ends(1));

      const student = await knock(kind, personal, "Jemand anders", language);
      people.push(student);
      await isIn({ ...student, name: "Kim" });
      // Behind the sheet, which stays.
      await click(teacher, "people-toggle");
      await eventually("Kim in the list", async () => (await line(teacher, "Kim"))?.role === "viewer");
      assert.equal(await line(teacher, "Jemand anders"), undefined);

      const late = { name: "Spät", page: await student.browser.newPage() };
      await late.page.goto(relay.studentLink);
      await askIn(late);
      await shows(late, "link-invalid");
      await click(teacher, "revoke-link");
      await eventually("no personal link", async () => (await teacher.page.$(part("personal-link"))) === null);
      await late.page.goto("about:blank");
      await late.page.goto(personal);
      await askIn(late);
      await shows(late, "link-invalid");
    }));
}
