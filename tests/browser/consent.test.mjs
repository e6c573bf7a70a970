/** Consent on two pages: nothing is agreed to beforehand, nothing is lost by not agreeing, and it ends when its person says so. */

import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { beginsWithNothing, close, enter, openChat, part, plain, press, say } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { startRelay } from "./relay.mjs";
import { eventually } from "./wait.mjs";

/** What a school may have people read. */
const TEXTS = {
  de: { intro: "Die Waldschule fragt dich.", seen: "Waldschule: Die Klasse sieht mich.", heard: "Waldschule: Die Klasse hört mich.", read: "Waldschule: Die Klasse liest mich." },
  en: { intro: "Forest School asks you.", seen: "Forest School: the class sees me.", heard: "Forest School: the class hears me.", read: "Forest School: the class reads me." },
};
const VERSION = "2026-09-forest";

let relay;
before(async () => {
  const path = join(mkdtempSync(join(tmpdir(), "mosaik-consent-")), "consent.toml");
  const table = ([language, words]) => `[${language}]\n${Object.entries(words).map(([key, value]) => `${key} = ${JSON.stringify(value)}`).join("\n")}\n`;
  writeFileSync(path, `version = ${JSON.stringify(VERSION)}\n\n${Object.entries(TEXTS).map(table).join("\n")}`);
  relay = await startRelay(["--consent-texts", path]);
});
after(() => relay.stop());

const isPressed = ({ page }, name) => page.$eval(part(name), (button) => button.ariaPressed === "true");
const written = async (person) => {
  await openChat(person);
  return person.page.$$eval(part("chat-message"), (all) => all.map((message) => message.textContent));
};
const SOURCES = ["mic", "cam"];
const source = (viewer, kind) =>
  viewer.page.$$eval(`${part("person")}[data-role="viewer"] .person-source`, (signs, place) => signs[place]?.dataset.on === "true", SOURCES.indexOf(kind));

async function lesson({ teacher: teacherKind, student: studentKind, language }) {
  const people = [];
  try {
    const teacher = await enter(teacherKind, relay.teacherLink, "Frau Beispiel", { camera: true, language });
    people.push(teacher);
    const ayla = await enter(studentKind, relay.studentLink, "Ayla", { agrees: [], ...plain, language });
    people.push(ayla);
    await nothingIsLost(teacher, ayla);
    await askedInPlace(teacher, ayla, TEXTS[language]);
    await takenBack(teacher, ayla);
    for (const person of people) assert.deepEqual(person.errors, [], `${person.name}'s page has no errors`);
  } finally {
    await close(people);
  }
}

/** Who agrees to nothing raises a hand, votes, writes to the teacher, and is not called on unawares. */
async function nothingIsLost(teacher, ayla) {
  await press(ayla, "hand-toggle");
  await press(teacher, "people-toggle");
  await teacher.page.waitForSelector(part("raised-hand"));
  await teacher.page.waitForSelector(part("unheard"));
  await press(ayla, "hand-toggle");
  await openChat(ayla);
  await ayla.page.waitForSelector(part("chat-unread"));
  await say(ayla, "Ich brauche Hilfe");
  await eventually("the teacher to read it", async () => (await written(teacher)).some((text) => text.includes("Hilfe")));
  assert.ok((await written(teacher)).every((text) => !text.includes("Hilfe") || text.toLowerCase().includes(teacher.words.talk.privateOnly.toLowerCase())), "the teacher alone reads it");
}

/** The first use asks, in the school's own words; a no changes nothing. */
async function askedInPlace(teacher, ayla, school) {
  await press(ayla, "mic-toggle");
  const question = await ayla.page.waitForSelector(`${part("consent-question")}[data-medium="heard"]`);
  await eventually("the school's text", async () => (await question.evaluate((element) => element.textContent)).includes(school.heard));
  assert.equal(await isPressed(ayla, "mic-toggle"), false, "nothing is on before the answer");
  await press(ayla, "consent-no");
  assert.equal(await isPressed(ayla, "mic-toggle"), false);
  for (const tool of ["mic-toggle", "cam-toggle"]) {
    await press(ayla, tool);
    await press(ayla, "consent-yes");
    await eventually(`${tool} to be on`, () => isPressed(ayla, tool));
  }
  await press(teacher, "people-toggle");
  await eventually("the teacher to see both", async () => (await source(teacher, "mic")) && (await source(teacher, "cam")));
  await press(ayla, "chat-agree");
  await press(ayla, "consent-yes");
  await eventually("the chat to open", async () => (await ayla.page.$(part("chat-unread"))) === null);
  await say(ayla, "Jetzt lesen es alle");
  await eventually("everyone to read it", async () => (await written(teacher)).some((text) => text.includes("lesen es alle")));
}

/** What is switched off is over for everyone. */
async function takenBack(teacher, ayla) {
  await press(ayla, "consent-open");
  await ayla.page.waitForSelector(part("consent-dialog"));
  await press(teacher, "people-toggle");
  const begun = Date.now();
  await press(ayla, "consent-seen");
  await eventually("the camera to be off for the teacher", async () => !(await source(teacher, "cam")));
  // Within a second is promised: `what_is_taken_back_falls_silent_within_a_second` of the relay's tests holds it to that.
  console.log(JSON.stringify({ takenBackMs: Date.now() - begun }));
  assert.equal(await isPressed(ayla, "cam-toggle"), false);
  assert.equal(await isPressed(ayla, "mic-toggle"), true, "the rest stays");
  await press(ayla, "consent-read");
  await eventually("her words to be gone", async () => (await written(teacher)).every((text) => !text.includes("lesen es alle")));
}

for (const pair of pairs("firefox")) {
  test(`nothing is agreed to beforehand, everything can be taken back: ${pair.name}`, () => lesson(pair));
}

test("the join page asks for nothing with a tick, and a reload keeps what was said in this tab alone", async () => {
  const student = await enter("chromium", relay.studentLink, "Ben", { agrees: ["heard"], ...plain });
  try {
    await student.page.reload();
    await student.page.waitForSelector(part("consent-heard"));
    assert.equal(await student.page.$eval(part("consent-heard"), (box) => box.checked), true);
    const fresh = await (await student.browser.createBrowserContext()).newPage();
    await fresh.goto(relay.studentLink);
    await beginsWithNothing(fresh);
    const said = await fresh.$eval("body", (body) => body.innerText);
    for (const words of [...Object.values(TEXTS.de), student.words.consent.version(VERSION)]) assert.ok(said.includes(words), `${words}: ${said}`);
  } finally {
    await close([student]);
  }
});

test("who ends the lesson reads what was there and that nothing is left", async () => {
  const own = await startRelay();
  const people = [];
  try {
    for (const [link, name] of [[own.teacherLink, "Frau Beispiel"], [own.studentLink, "Ayla"]]) {
      people.push(await enter(name === "Ayla" ? "firefox" : "chromium", link, name, plain));
    }
    const [teacher, ayla] = people;
    await say(ayla, "Auf Wiedersehen");
    await eventually("the teacher to read it", async () => (await written(teacher)).some((text) => text.includes("Wiedersehen")));
    await press(teacher, "end-room");
    await press(teacher, "end-confirm");
    await ayla.page.waitForSelector(part("end-ended"));
    await teacher.page.waitForSelector(part("receipt"));
    const parts = await teacher.page.$$eval(part("receipt-part"), (rows) =>
      rows.map((row) => ({ kind: row.dataset.kind, cells: [...row.querySelectorAll("td")].map((cell) => Number.parseFloat(cell.textContent)) })),
    );
    assert.equal(parts.length, 11);
    assert.ok(parts.find(({ kind }) => kind === "chat").cells[0] > 0, JSON.stringify(parts));
    assert.ok(parts.every(({ cells }) => cells[1] === 0), JSON.stringify(parts));
    assert.equal(await ayla.page.$(part("receipt")), null, "a student has none");
  } finally {
    await close(people);
    await own.stop();
  }
});
