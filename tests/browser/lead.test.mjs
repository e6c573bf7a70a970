/** A teacher leads: presets and locks, presenting, the waiting room, removing; in both browsers. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { close, enter, knock as comeTo, part, plain } from "./lesson-page.mjs";
import { startRelay } from "./relay.mjs";
import { eventually } from "./wait.mjs";

/** A name that would be a script if it were no text (BigBlueButton's GHSA-v6wg-q866-h73x). */
const SCRIPT = `<img src=x onerror="globalThis.hacked=1">`;

async function click({ page }, name) {
  await page.waitForSelector(part(name));
  await page.$eval(part(name), (button) => button.click());
}

const state = ({ page }, name) => page.$eval(part(name), ({ dataset }) => ({ ...dataset }));
const shows = ({ page }, name) => page.waitForSelector(part(name), { timeout: 15_000 });
const words = ({ page }, name) => page.$eval(part(name), (element) => element.innerText);

/** The line of somebody in the list, by name. */
const line = ({ page }, name) =>
  page.$$eval(
    part("person"),
    (all, wanted) => {
      const found = all.find((person) => person.textContent.includes(wanted));
      return found && { role: found.dataset.role, mic: found.querySelector(".person-source")?.dataset.on === "true" };
    },
    name,
  );

/** Opens what can be done about somebody, and does it. */
async function act({ page }, name, what) {
  await page.$$eval(
    part("person"),
    (all, wanted) => all.find((person) => person.textContent.includes(wanted)).querySelector('[data-testid="person-menu"]').click(),
    name,
  );
  await click({ page }, what);
}

async function usePreset(teacher, preset) {
  await click(teacher, "room-settings");
  await shows(teacher, "room-sheet");
  await click(teacher, `preset-${preset}`);
}

/** Comes to the door, whatever becomes of it. */
const knock = (kind, link, name) => comeTo(kind, link, name, { ...plain, agrees: [] });

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

for (const [teacherKind, studentKind] of [["chromium", "firefox"], ["firefox", "chromium"]]) {
  test(`a lecture silences a running microphone at once, and who presents may speak: teacher in ${teacherKind}, student in ${studentKind}`, async () => {
    await withRelay(async (relay, people) => {
      const teacher = await enter(teacherKind, relay.teacherLink, "Frau Beispiel");
      people.push(teacher);
      const student = await enter(studentKind, relay.studentLink, "Ayla", { microphone: true });
      people.push(student);
      await click(teacher, "people-toggle");
      await eventually("the student's microphone to be on", async () => (await line(teacher, "Ayla"))?.mic === true);

      await usePreset(teacher, "lecture");
      await eventually("the microphone to be off", async () => (await state(student, "mic-toggle")).state === "off");
      await eventually("the teacher to know", async () => (await line(teacher, "Ayla"))?.mic === false);
      assert.match(await words(student, "lock-told"), /Lehrkraft/);
      assert.equal((await state(student, "mic-toggle")).locked, "true");
      // Tapping it says why, and switches nothing on.
      await click(student, "mic-toggle");
      assert.equal((await state(student, "mic-toggle")).state, "off");
      assert.equal((await state(teacher, "mic-toggle")).locked, "false");
      await teacher.page.keyboard.press("Escape");

      await act(teacher, "Ayla", "make-presenter");
      await eventually("the student to present", async () => (await line(teacher, "Ayla"))?.role === "presenter");
      await eventually("the microphone to be free", async () => (await state(student, "mic-toggle")).locked === "false");
      await click(student, "mic-toggle");
      await eventually("the microphone to be on again", async () => (await line(teacher, "Ayla"))?.mic === true);
    });
  });

  test(`a student knocks, hears the teacher and is let in; one who is removed does not come back: teacher in ${teacherKind}, student in ${studentKind}`, async () => {
    await withRelay(async (relay, people) => {
      const teacher = await enter(teacherKind, relay.teacherLink, "Frau Beispiel");
      people.push(teacher);
      await click(teacher, "room-settings");
      await click(teacher, "entry-ask");
      await shows(teacher, "waiting-message");
      await teacher.page.type(part("waiting-message"), "Wir fangen um acht an.");
      await teacher.page.keyboard.press("Enter");
      await teacher.page.keyboard.press("Escape");

      const student = await knock(studentKind, relay.studentLink, SCRIPT.slice(0, 60));
      people.push(student);
      await shows(student, "waiting");
      await eventually("what the teacher says", async () => (await words(student, "waiting")).includes("um acht"));
      assert.equal(await student.page.$(part("chat-toggle")), null, "who waits sees nothing of the room");
      await click(teacher, "people-toggle");
      await shows(teacher, "waiting-person");
      assert.ok((await words(teacher, "waiting-person")).includes("<img src=x"), "a name is text");
      await click(teacher, "admit");
      await shows(student, "chat-toggle");
      await eventually("the teacher on the student's stage", async () => (await student.page.$(`${part("tile")}[data-role="moderator"]`)) !== null);
      await eventually("nobody to wait", async () => (await teacher.page.$(part("waiting-person"))) === null);

      await act(teacher, "<img src=x", "remove-person");
      await click(teacher, "remove-confirm");
      await shows(student, "end-removed");
      await eventually("the student to be gone", async () => (await line(teacher, "<img src=x")) === undefined);
      await student.page.reload();
      await askIn(student);
      await eventually("to be told why", async () => /entfernt/.test(await student.page.$eval("body", (body) => body.innerText)));
      assert.equal(await student.page.$(part("waiting")), null);
      for (const person of people) assert.equal(await person.page.evaluate(() => globalThis.hacked), undefined);
    });
  });
}

test("a lesson whose teacher does not come back says so, and then why it is over", async () => {
  const body = async (relay, people) => {
    const teacher = await enter("chromium", relay.teacherLink, "Frau Beispiel");
    people.push(teacher);
    const student = await enter("firefox", relay.studentLink, "Ayla");
    people.push(student);
    await click(teacher, "leave");
    await shows(teacher, "end-left");
    // Where the page's last word was lost with its line, the seat is kept for a while.
    await student.page.waitForSelector(`${part("status-banner")}[data-state="unattended"]`, { timeout: 60_000 });
    await student.page.waitForSelector(part("end-ended"), { timeout: 30_000 });
    assert.match(await words(student, "end-ended"), /zu lange weg/);
  };
  await withRelay(body, ["--moderator-timeout", "10"]);
});

test("a personal link has its person's name, and a class link that was renewed opens nothing", async () => {
  await withRelay(async (relay, people) => {
    const teacher = await enter("chromium", relay.teacherLink, "Frau Beispiel");
    people.push(teacher);
    await click(teacher, "room-settings");
    await shows(teacher, "class-link");
    const address = (name) => teacher.page.$eval(`${part(name)} input`, ({ value }) => value);
    assert.equal(await address("class-link"), relay.studentLink);
    await teacher.page.type(part("invite-name"), "Kim");
    await click(teacher, "invite");
    await shows(teacher, "personal-link");
    const personal = await address("personal-link");
    await click(teacher, "renew-link");
    await eventually("another link", async () => (await address("class-link")) !== relay.studentLink);

    const student = await knock("firefox", personal, "Jemand anders");
    people.push(student);
    await shows(student, "chat-toggle");
    await click(teacher, "people-toggle");
    await eventually("Kim in the list", async () => (await line(teacher, "Kim"))?.role === "viewer");
    assert.equal(await line(teacher, "Jemand anders"), undefined);

    const late = await knock("chromium", relay.studentLink, "Spät");
    people.push(late);
    await shows(late, "link-invalid");
    await teacher.page.$eval(part("revoke-link"), (button) => button.click());
    await eventually("no personal link", async () => (await teacher.page.$(part("personal-link"))) === null);
    const copy = await knock("chromium", personal, "Kopie");
    people.push(copy);
    await shows(copy, "link-invalid");
  });
});
