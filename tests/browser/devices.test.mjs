/** Microphones and cameras in the room: plugged in and out, silent, muted, held by a key, and for paper. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { hears, hold, listened, openChat, own, part, press, watch } from "./lesson-page.mjs";
import { kindsFor } from "./pairs.mjs";
import { HEADSET, LAPTOP, WEBCAM, installRack } from "./rack.mjs";
import { startSound } from "./sound.mjs";
import { eventually } from "./wait.mjs";

let sound;
before(async () => {
  sound = await startSound();
});
after(() => sound.stop());

/** A teacher at a rack with these devices, and a student who listens. */
function atRack(kind, devices, body) {
  const prepare = async (page) => {
    await watch(page);
    await page.evaluateOnNewDocument(installRack, devices);
  };
  return hold([kind, kind], { prepare, env: sound.env, language: kind === "firefox" ? "en" : "de" }, ([teacher, student]) => body(teacher, student));
}

const rack = ({ page }, act, ...values) => page.evaluate((name, given) => globalThis.mosaikRack[name](...given), act, values);
const micState = ({ page }) => page.$eval(part("mic-toggle"), (tool) => tool.dataset.state);
const isMic = (person, state) => eventually(`the microphone to be ${state}`, async () => (await micState(person)) === state);
const uses = (person, labels) => eventually(`${labels} to be in use`, async () => (await rack(person, "open")).join() === labels.join());
const isAway = ({ page }, name) => eventually(`${name} to be gone`, async () => (await page.$(part(name))) === null);
const says = async ({ page }, name) => (await page.waitForSelector(part(name))).evaluate((element) => element.innerText);
const hearsNobody = (person) => eventually("nobody to be heard", async () => Object.keys((await listened(person)).reports.at(-1)?.voices ?? { x: 1 }).length === 0);

async function openDevices({ page }) {
  if (!(await page.$(part("devices-menu")))) await (await page.waitForSelector('[aria-controls="devices-menu"]')).click();
  await page.waitForSelector(part("devices-menu"));
}

async function setSwitch(person, name, isOn) {
  await openDevices(person);
  const box = await person.page.waitForSelector(part(name));
  if ((await box.evaluate(({ checked }) => checked)) !== isOn) await box.click();
  await person.page.keyboard.press("Escape");
  await isAway(person, "devices-menu");
}

const newsOf = (person, kind) =>
  eventually(`the news that it ${kind}`, () => person.page.evaluate((of) => document.querySelector(of)?.innerText ?? "", `${part("mic-news")}[data-news="${kind}"]`));

/** Of a person's camera, in each of its renditions. */
const LINES = { low: 180, mid: 360, upper: 540, high: 720 };

/** Nothing that takes the key has the focus. */
const unfocus = ({ page }) => page.evaluate(() => document.activeElement?.blur());

for (const kind of ["chromium", "firefox"]) {
  test(`a headset that is unplugged in ${kind} ends no lesson, and is used again when it is back`, async () => {
    await atRack(kind, [LAPTOP, HEADSET], async (teacher, student) => {
      await openDevices(teacher);
      await teacher.page.select(part("mic-picker"), HEADSET.id);
      await press(teacher, "mic-toggle");
      await uses(teacher, [HEADSET.label]);
      await rack(teacher, "unplug", HEADSET.id);
      const told = await newsOf(teacher, "fellBack");
      for (const name of [HEADSET.label, LAPTOP.label]) assert.ok(told.includes(name), told);
      await uses(teacher, [LAPTOP.label]);
      await hears(student, [teacher]);
      await rack(teacher, "plug", HEADSET);
      assert.ok((await newsOf(teacher, "returned")).includes(HEADSET.label));
      await uses(teacher, [HEADSET.label]);
      await rack(teacher, "plug", { id: "usb", kind: "audioinput", label: "USB-Mikrofon" });
      assert.ok((await newsOf(teacher, "added")).includes("USB-Mikrofon"));
      assert.deepEqual(await rack(teacher, "open"), [HEADSET.label], "nothing is used unasked");
      await (await teacher.page.waitForSelector(`${part("mic-news")} button`)).click();
      await uses(teacher, ["USB-Mikrofon"]);
      await isMic(teacher, "on");
      await hears(student, [teacher]);
    });
  });

  test(`a camera that is unplugged in ${kind} is followed by no other one, and comes back by itself`, async () => {
    await atRack(kind, [WEBCAM, { ...WEBCAM, id: "other", label: "Zweite Kamera" }], async (teacher) => {
      await press(teacher, "cam-toggle");
      await uses(teacher, [WEBCAM.label]);
      await rack(teacher, "unplug", WEBCAM.id);
      assert.equal(await (await teacher.page.waitForSelector(part("cam-problem"))).evaluate((help) => help.dataset.problem), "unplugged");
      assert.deepEqual(await rack(teacher, "open"), []);
      await rack(teacher, "plug", WEBCAM);
      await uses(teacher, [WEBCAM.label]);
      await isAway(teacher, "cam-problem");
    });
  });
}

for (const kind of kindsFor("chromium")) {
  test(`a microphone that gives nothing is told of in ${kind}, until it gives something`, async () => {
    await atRack(kind, [{ ...LAPTOP, isSilent: true }], async (teacher) => {
      await press(teacher, "mic-toggle");
      await teacher.page.waitForSelector(part("silent-hint"), { timeout: 30_000 });
      await (await teacher.page.waitForSelector(`${part("silent-hint")} button`)).click();
      await teacher.page.waitForSelector(part("devices-menu"));
      await rack(teacher, "setSilent", LAPTOP.id, false);
      await isAway(teacher, "silent-hint");
    });
  });

  test(`who speaks while muted is told in ${kind}, and nobody hears it`, async () => {
    await atRack(kind, [LAPTOP], async (teacher, student) => {
      await press(teacher, "mic-toggle");
      await hears(student, [teacher]);
      await press(teacher, "mic-toggle");
      await isMic(teacher, "off");
      assert.ok((await says(teacher, "muted-hint")).includes(teacher.words.devices.muted));
      await hearsNobody(student);
      await (await teacher.page.waitForSelector(`${part("muted-hint")} button`)).click();
      await isMic(teacher, "on");
      await isAway(teacher, "muted-hint");
      await hears(student, [teacher]);
      await setSwitch(teacher, "tell-muted", false);
      await press(teacher, "mic-toggle");
      await isMic(teacher, "off");
      await uses(teacher, []);
    });
  });

  test(`a muted pupil's microphone is closed in ${kind}, unless they want to be told`, async () => {
    await atRack(kind, [LAPTOP], async (_teacher, student) => {
      await press(student, "mic-toggle");
      await uses(student, [LAPTOP.label]);
      await press(student, "mic-toggle");
      await uses(student, []);
      await setSwitch(student, "tell-muted", true);
      await press(student, "mic-toggle");
      await isMic(student, "on");
      await press(student, "mic-toggle");
      await student.page.waitForSelector(part("muted-hint"));
      await press(student, "consent-open");
      await (await student.page.waitForSelector(part("consent-heard"))).evaluate((box) => box.click());
      await uses(student, []);
    });
  });
}

for (const kind of kindsFor("firefox")) {
  test(`who wants it speaks in ${kind} as long as Space is held, and writes spaces as ever`, async () => {
    await atRack(kind, [LAPTOP], async (teacher, student) => {
      await press(teacher, "mic-toggle");
      await isMic(teacher, "on");
      await setSwitch(teacher, "push-to-talk", true);
      await isMic(teacher, "off");
      assert.ok((await says(teacher, "mic-toggle")).includes(teacher.words.devices.space));
      await unfocus(teacher);
      await teacher.page.keyboard.down(" ");
      await isMic(teacher, "on");
      await hears(student, [teacher]);
      await teacher.page.keyboard.up(" ");
      await isMic(teacher, "off");
      await hearsNobody(student);
      await openChat(teacher);
      await teacher.page.type(part("chat-input"), "Guten Tag");
      assert.equal(await teacher.page.$eval(part("chat-input"), (field) => field.value ?? field.textContent), "Guten Tag");
      assert.equal(await micState(teacher), "off");
    });
  });
}

for (const kind of kindsFor("chromium")) {
  test(`paper is shown in ${kind} large and sharp, with few pictures a second`, async () => {
    await atRack(kind, [WEBCAM], async (teacher, student) => {
      await press(teacher, "cam-toggle");
      await uses(teacher, [WEBCAM.label]);
      await setSwitch(teacher, "document-camera", true);
      await eventually("the camera to be asked for more pixels", async () => (await rack(teacher, "wanted")).at(-1).width.ideal === 1_920);
      assert.deepEqual(await rack(teacher, "hints"), ["detail"]);
      const id = await own(teacher);
      await eventually("few pictures with more lines than a person has", async () => {
        const { height, rendition, framesPerSecond } = (await listened(student)).reports.at(-1)?.pictures[id] ?? {};
        return height > LINES[rendition] && framesPerSecond > 0 && framesPerSecond <= 9;
      }, 60_000);
    });
  });
}

test("the loudspeaker is chosen in Chromium, where the page can choose", async () => {
  await hold(["chromium"], { microphone: false }, async ([teacher]) => {
    await press(teacher, "mic-toggle");
    await isMic(teacher, "on");
    await openDevices(teacher);
    const others = await eventually("loudspeakers to choose from", async () => {
      const all = await teacher.page.$$eval(`${part("speaker-picker")} option`, (options) => options.map(({ value }) => value));
      return all.length > 1 ? all.slice(1) : undefined;
    });
    await teacher.page.select(part("speaker-picker"), others.at(-1));
    // One that could not be taken falls back to the system's.
    await eventually("it to be taken", () => teacher.page.$eval(part("speaker-picker"), (picker, id) => picker.value === id, others.at(-1)));
    await press(teacher, "test-tone");
  });
});
