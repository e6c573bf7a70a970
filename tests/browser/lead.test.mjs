/** A teacher leads: every preset, every lock for all and for one, and the roles; each is looked at on the page of whom it is for. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { act, click, inSheet, isLocked, line, lockOne, read, shows, state, usePreset } from "./lead-page.mjs";
import { close, enter, hold, isGone, messages, namesOnStage, openChat, openPanel, part, plain, say } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { startRelay } from "./relay.mjs";
import { eventually } from "./wait.mjs";

/** Three browsers on two cores, one of which encodes. */
const BUSY_MS = 60_000;

/** What each preset leaves to a student: whether they may speak, write to all, see a classmate's picture and name, and how the room is entered. */
const PRESETS = {
  quietWork: { mic: false, chat: false, picture: true, name: true },
  test: { mic: false, chat: false, picture: false, name: true },
  oneToOne: { mic: true, chat: true, picture: true, name: true, entry: "ask" },
  parentsEvening: { mic: true, chat: false, picture: false, name: false, entry: "ask" },
  discussion: { mic: true, chat: true, picture: true, name: true, entry: "ask" },
};

const hasPicture = async (person, name) => (await person.page.$(`${part("tile")}[aria-label^="${name},"][data-picture="true"]`)) !== null;
const seesPicture = (person, name, wanted) =>
  eventually(`${person.name} to see ${wanted ? "" : "no "}picture of ${name}`, async () => (await hasPicture(person, name)) === wanted, BUSY_MS);
const isThere = (person, name, wanted = true) => eventually(`${name} of ${person.name} to be ${wanted ? "there" : "gone"}`, async () => ((await person.page.$(part(name))) !== null) === wanted);

/** A running microphone is silenced at once; who presents may speak, until they are one of the class again. */
async function lecture(teacher, student) {
  await eventually("the student's microphone to be on", async () => (await line(teacher, "Ayla"))?.mic === true);
  await usePreset(teacher, "lecture");
  await eventually("the microphone to be off", async () => (await state(student, "mic-toggle")).state === "off");
  await eventually("the teacher to know", async () => (await line(teacher, "Ayla"))?.mic === false);
  assert.ok((await read(student, "lock-told")).includes(student.words.lead.told.mic.title));
  assert.equal((await state(student, "mic-toggle")).locked, "true");
  // Tapping it says why, and switches nothing on.
  await click(student, "mic-toggle");
  assert.equal((await state(student, "mic-toggle")).state, "off");
  assert.equal((await state(teacher, "mic-toggle")).locked, "false");

  await act(teacher, "Ayla", "make-presenter");
  await eventually("the student to present", async () => (await line(teacher, "Ayla"))?.role === "presenter");
  await isLocked(student, "mic-toggle", false);
  await click(student, "mic-toggle");
  await eventually("the microphone to be on again", async () => (await line(teacher, "Ayla"))?.mic === true);
  await act(teacher, "Ayla", "make-viewer");
  await isLocked(student, "mic-toggle");
  await eventually("the microphone to be off with the role", async () => (await line(teacher, "Ayla"))?.mic === false);
}

async function everyPreset(teacher, ayla, ben) {
  assert.equal((await state(ben, "cam-toggle")).state, "off", "the lecture closed his camera");
  await usePreset(teacher, "discussion");
  await isLocked(ben, "cam-toggle", false);
  await click(ben, "cam-toggle");
  await seesPicture(ayla, "Ben", true);
  await openChat(ayla);
  for (const [preset, { mic, chat, picture, name, entry = "open" }] of Object.entries(PRESETS)) {
    await usePreset(teacher, preset);
    await isLocked(ayla, "mic-toggle", !mic);
    assert.equal((await state(ayla, "cam-toggle")).locked, "false");
    await isThere(ayla, "chat-locked", !chat);
    await eventually(`the name in ${preset}`, async () => (await namesOnStage(ayla)).includes("Ben") === name);
    if (name) await seesPicture(ayla, "Ben", picture);
    assert.ok((await namesOnStage(teacher)).includes("Ben"), "who leads sees everyone");
    await seesPicture(teacher, "Ben", true);
    await inSheet(teacher, () => teacher.page.waitForSelector(`${part(`entry-${entry}`)}[aria-pressed="true"]`));
  }
  // What a lock keeps from one is the others' still.
  await lockOne(teacher, "Ayla", "othersCameras", true);
  await seesPicture(ayla, "Ben", false);
  await lockOne(teacher, "Ayla", "othersCameras", false);
  await seesPicture(ayla, "Ben", true);
  assert.equal(await ben.page.$(part("lock-told")), null, "Ben was never in their way");
}

/** Ayla has a microphone, Ben a camera. */
async function presets({ teacher: kind, student, language }) {
  const relay = await startRelay();
  const people = [];
  try {
    people.push(await enter(kind, relay.teacherLink, "Frau Beispiel", { ...plain, language }));
    people.push(await enter(student, relay.studentLink, "Ayla", { ...plain, microphone: true, language }));
    people.push(await enter("chromium", relay.studentLink, "Ben", { ...plain, camera: true, language }));
    const [teacher, ayla, ben] = people;
    await openPanel(teacher, "people");
    await lecture(teacher, ayla);
    await everyPreset(teacher, ayla, ben);
    for (const { name, errors } of people) assert.deepEqual(errors, [], `${name}'s page has no errors`);
  } finally {
    await close(people);
    await relay.stop();
  }
}

const written = async (person) => (await messages(person)).map(({ text }) => text).join("\n");
/** To whom somebody may write: values of the choice. */
const audience = ({ page }) => page.$$eval(`${part("chat-to")} option`, (all) => all.map(({ value, textContent }) => ({ value, name: textContent })));
const mayWriteTo = async (person, name) => (await audience(person)).some((one) => one.name.includes(name));

async function chatLocks(teacher, ayla, ben) {
  for (const student of [ayla, ben]) await openChat(student);
  await lockOne(teacher, "Ayla", "publicChat", true);
  await isThere(ayla, "chat-locked");
  assert.equal(await ben.page.$(part("chat-locked")), null, "it is hers alone");
  await say(ayla, "Nur für Sie");
  await say(ben, "An alle");
  await eventually("Ben's words for Ayla", async () => (await written(ayla)).includes("An alle"));
  await isThere(ayla, "chat-draft", false);
  assert.doesNotMatch(await written(ben), /Nur für Sie/);
  await lockOne(teacher, "Ayla", "publicChat", false);
  await isThere(ayla, "chat-locked", false);

  assert.equal(await mayWriteTo(ayla, "Ben"), false, "students write to teachers only, as long as nothing else is said");
  await lockOne(teacher, "Ayla", "privateChat", false);
  await eventually("Ayla to have Ben among those she may write to", () => mayWriteTo(ayla, "Ben"));
  assert.equal(await mayWriteTo(ben, "Ayla"), false);
  const { value } = (await audience(ayla)).find(({ name }) => name.includes("Ben"));
  await ayla.page.select(part("chat-to"), value);
  await say(ayla, "Hallo Ben");
  await eventually("Ben to read it", async () => (await written(ben)).includes("Hallo Ben"));
  await lockOne(teacher, "Ayla", "privateChat", true);
  await eventually("Ayla to have lost Ben", async () => !(await mayWriteTo(ayla, "Ben")));
  await ayla.page.select(part("chat-to"), "everyone");
}

async function otherLocks(teacher, ayla, ben) {
  for (const [lock, tool] of [["microphone", "mic-toggle"], ["camera", "cam-toggle"]]) {
    await lockOne(teacher, "Ayla", lock, true);
    await isLocked(ayla, tool);
    assert.equal((await state(ben, tool)).locked, "false");
    await lockOne(teacher, "Ayla", lock, false);
    await isLocked(ayla, tool, false);
  }
  await lockOne(teacher, "Ayla", "screen", false);
  await shows(ayla, "screen-toggle");
  await lockOne(teacher, "Ayla", "screen", true);
  await isThere(ayla, "screen-toggle", false);

  for (const student of [ayla, ben]) await openPanel(student, "files");
  await lockOne(teacher, "Ayla", "files", false);
  await isThere(ayla, "file-input");
  assert.equal(await ben.page.$(part("file-input")), null);
  await lockOne(teacher, "Ayla", "files", true);
  await isThere(ayla, "file-input", false);

  for (const student of [ayla, ben]) await openPanel(student, "people");
  await lockOne(teacher, "Ayla", "othersNames", true);
  await eventually("Ayla to know nobody but who leads", async () => (await line(ayla, "Ben")) === undefined);
  assert.ok(await line(ayla, "Frau Beispiel"));
  assert.ok(await line(ben, "Ayla"), "Ben knows everyone");
  await lockOne(teacher, "Ayla", "othersNames", false);
  await eventually("Ayla to know Ben", () => line(ayla, "Ben"));
}

async function penLocks(teacher, ayla, ben) {
  await click(teacher, "board-toggle");
  for (const student of [ayla, ben]) await shows(student, "board-tool");
  await lockOne(teacher, "Ayla", "whiteboard", true);
  await isThere(ayla, "board-tool", false);
  assert.ok(await ben.page.$(part("board-tool")));
  await lockOne(teacher, "Ayla", "whiteboard", false);
  await shows(ayla, "board-tool");
  await click(teacher, "board-toggle");
  for (const student of [ayla, ben]) {
    await isGone(student, "board");
    await openPanel(student, "notes");
    await shows(student, "notes-bold");
  }
  await lockOne(teacher, "Ayla", "notes", true);
  await shows(ayla, "notes-locked");
  assert.equal(await ben.page.$(part("notes-locked")), null);
  await lockOne(teacher, "Ayla", "notes", false);
  await isThere(ayla, "notes-locked", false);
}

/** Each lock of the room: both have it, and who leads has not. */
async function roomLocks(teacher, ayla, ben) {
  const students = [ayla, ben];
  const setAll = (lock) => inSheet(teacher, () => click(teacher, `lock-all-${lock}`));
  for (const [lock, tool] of [["microphone", "mic-toggle"], ["camera", "cam-toggle"]]) {
    await setAll(lock);
    for (const student of students) await isLocked(student, tool);
    assert.equal((await state(teacher, tool)).locked, "false");
    await setAll(lock);
    for (const student of students) await isLocked(student, tool, false);
  }
  for (const student of students) await openChat(student);
  await setAll("publicChat");
  for (const student of students) await isThere(student, "chat-locked");
  await setAll("publicChat");
  for (const student of students) await isThere(student, "chat-locked", false);
  await setAll("privateChat");
  await eventually("both to write to each other", async () => (await mayWriteTo(ayla, "Ben")) && (await mayWriteTo(ben, "Ayla")));
  await setAll("privateChat");
  await eventually("neither to", async () => !(await mayWriteTo(ayla, "Ben")) && !(await mayWriteTo(ben, "Ayla")));
  await setAll("othersNames");
  await eventually("no name but the teacher's", async () => !(await namesOnStage(ayla)).includes("Ben") && !(await namesOnStage(ben)).includes("Ayla"));
  assert.ok((await namesOnStage(ben)).includes("Frau Beispiel"));
  await setAll("othersNames");
  await eventually("all names again", async () => (await namesOnStage(ayla)).includes("Ben") && (await namesOnStage(ben)).includes("Ayla"));
}

/** Somebody has to lead; who was given the room gives it back. */
async function handedOver(teacher, ayla) {
  await act(teacher, "Frau Beispiel", "make-viewer");
  await teacher.page.waitForSelector(`${part("status-banner")}[data-state="refused"]`);
  assert.ok((await read(teacher, "status-banner")).includes(teacher.words.lead.refused.lastModerator));
  assert.equal(await ayla.page.$(part("room-settings")), null);
  await act(teacher, "Ayla", "make-moderator");
  await shows(ayla, "room-settings");
  await act(teacher, "Frau Beispiel", "make-viewer");
  await isGone(teacher, "room-settings");
  await openPanel(ayla, "people");
  await eventually("the teacher to be one of the class", async () => (await line(ayla, "Frau Beispiel"))?.role === "viewer");
  await lockOne(ayla, "Frau Beispiel", "microphone", true);
  await isLocked(teacher, "mic-toggle");
  await act(ayla, "Frau Beispiel", "make-moderator");
  await shows(teacher, "room-settings");
  await isLocked(teacher, "mic-toggle", false);
  await act(teacher, "Ayla", "make-viewer");
  await isGone(ayla, "room-settings");
}

async function locks(teacher, ayla, ben) {
  await openPanel(teacher, "people");
  await chatLocks(teacher, ayla, ben);
  await otherLocks(teacher, ayla, ben);
  await penLocks(teacher, ayla, ben);
  await roomLocks(teacher, ayla, ben);
  await handedOver(teacher, ayla);
}

for (const pair of pairs("chromium")) {
  test(`every preset holds on the page of a student at once, and who presents may speak: ${pair.name}`, () => presets(pair));
}
for (const pair of pairs("firefox")) {
  test(`every lock holds for one person or for all, and the lead is handed over and back: ${pair.name}`, () =>
    hold(pair.kinds(2), { ...plain, names: ["Ayla", "Ben"], language: pair.language }, (people) => locks(...people)));
}
