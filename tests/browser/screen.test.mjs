/** Somebody shares a screen: the others see it whole and sharp, the camera goes on, and it ends by every way at once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inSheet } from "./lead-page.mjs";
import { close, enter, hold, part, press, watch } from "./lesson-page.mjs";
import { pairs } from "./pairs.mjs";
import { BUSY_MS, endByBrowser, installScreen, isCaptured, isPressed, light, msToNone, reported, screenTile, seesNone, seesScreen, share } from "./screen-page.mjs";
import { eventually } from "./wait.mjs";

/** From the teacher's click to the last picture. */
const AT_ONCE_MS = 1_000;

/** `what` is shared by whom the page belongs to; in Firefox something that moves is drawn. */
const prepare = (what) => async (page) => {
  await watch(page);
  const isFirefox = (await page.browser().version()).toLowerCase().includes("firefox");
  await page.evaluateOnNewDocument(installScreen, what === "browser" && isFirefox ? "moving" : what);
};
const moves = (viewer, sharer, kind) => async () => {
  const before = (await reported(viewer, sharer))[kind]?.framesDecoded ?? 0;
  await eventually(`${viewer.name} to see ${kind} move`, async () => ((await reported(viewer, sharer))[kind]?.framesDecoded ?? 0) > before + 2, BUSY_MS);
};

async function isShown(student, teacher) {
  await seesScreen(student);
  const tile = await screenTile(student);
  assert.ok(tile.label.startsWith(student.words.screen.of("Frau Beispiel")), tile.label);
  assert.deepEqual([tile.isOnStage, tile.large], [true, "true"]);
  assert.equal(await student.page.$eval("main", ({ dataset }) => dataset.layout), "presentation");
  await moves(student, teacher, "screen")();
  const seen = await eventually("pixels that are not black", async () => {
    const look = await light(student);
    return look.lit > 0.2 && look;
  }, BUSY_MS);
  assert.deepEqual([seen.fit, seen.transform], ["contain", "none"]);
}

for (const pair of pairs("chromium")) {
  test(`a teacher's screen is seen beside the camera, and ends by the tool and by the browser: ${pair.name}`, async () => {
    await hold(pair.kinds(), { camera: true, isCoded: false, names: ["Ayla"], prepare: prepare("browser"), language: pair.language }, async ([teacher, student]) => {
      await moves(student, teacher, "cam")();
      await share(teacher);
      await eventually("the tool to be pressed", () => isPressed(teacher));
      await isShown(student, teacher);
      const mine = await eventually("the teacher to be told", () => screenTile(teacher));
      assert.ok(mine.label.startsWith(teacher.words.screen.youShare), mine.label);
      assert.equal(await teacher.page.$(`${part("screen-tile")} canvas`), null, "nobody sees their own screen in itself");
      await moves(student, teacher, "cam")();

      await share(teacher);
      await seesNone(student);
      assert.deepEqual([await isPressed(teacher), await isCaptured(teacher)], [false, false]);
      await moves(student, teacher, "cam")();

      await share(teacher);
      await seesScreen(student);
      await endByBrowser(teacher);
      await seesNone(student);
      await eventually("the tool to be free", async () => !(await isPressed(teacher)));
      await teacher.page.keyboard.press("s");
      await seesScreen(student);
      await (await teacher.page.waitForSelector(part("screen-stop"))).click();
      await seesNone(student);
      await moves(student, teacher, "cam")();
    });
  });
}

for (const pair of pairs("firefox")) {
  test(`a lock ends a student's screen within a second: ${pair.name}`, async () => {
    await hold(pair.kinds(), { names: ["Ayla"], prepare: prepare("browser"), language: pair.language }, async ([teacher, student]) => {
      await student.page.waitForSelector(part("cam-toggle"));
      assert.equal(await student.page.$(part("screen-toggle")), null, "what is locked is not offered");
      await inSheet(teacher, () => press(teacher, "lock-all-screen"));
      await student.page.waitForSelector(part("screen-toggle"));
      await share(student);
      await seesScreen(teacher);
      await teacher.page.click(part("room-settings"));
      await teacher.page.waitForSelector(part("lock-all-screen"));
      const ms = await msToNone(teacher, "lock-all-screen");
      assert.ok(ms < AT_ONCE_MS, `${ms} ms`);
      await eventually("the student's browser to capture nothing", async () => !(await isCaptured(student)));
      const told = await student.page.waitForSelector(`${part("lock-told")}[data-source="screen"]`);
      assert.ok((await told.evaluate((element) => element.innerText)).includes(student.words.lead.told.screen.title));
      assert.equal(await student.page.$(part("screen-toggle")), null);
    });
  });
}

for (const kind of ["chromium", "firefox"]) {
  test(`who comes late sees a page on which nothing moves, and it does not count as frozen: shared in ${kind}`, async () => {
    await hold([kind], { prepare: prepare("still") }, async ([teacher], relay) => {
      await share(teacher);
      await eventually("the tool to be pressed", () => isPressed(teacher));
      const late = await enter(kind === "chromium" ? "firefox" : "chromium", relay.studentLink, "Ayla", { prepare: watch });
      try {
        await seesScreen(late);
        const tile = await eventually("the sharp rendition", async () => {
          const found = await screenTile(late);
          return found.rendition === "high" && found;
        }, BUSY_MS);
        assert.equal(tile.age, undefined);
        const seen = await eventually("white paper", async () => {
          const look = await light(late);
          return look.lit > 0.9 && look.width === 1_920 && look;
        }, BUSY_MS);
        assert.equal(seen.height, 1_080);
        // Once a second for more than the time after which a picture stands still.
        const before = (await reported(late, teacher)).screen.framesDecoded;
        await eventually("the same picture again and again", async () => (await reported(late, teacher)).screen.framesDecoded > before + 5, BUSY_MS);
        assert.equal((await screenTile(late)).age, undefined);
        assert.deepEqual(late.errors, []);
      } finally {
        await close([late]);
      }
    });
  });
}

for (const pair of pairs("chromium")) {
  test(`a screen whose line is gone says how old its picture is: ${pair.name}`, async () => {
    await hold(pair.kinds(), { isCut: true, names: ["Ayla"], prepare: prepare("still"), language: pair.language }, async ([teacher, student], { line }) => {
      await share(teacher);
      await seesScreen(student);
      line.cut();
      await eventually("the age of the picture", async () => new RegExp(`^${student.words.room.pictureAge("\\d")}`).test((await screenTile(student))?.age ?? ""), BUSY_MS);
      line.mend();
      await eventually("the picture to be fresh", async () => (await screenTile(student))?.age === undefined && (await screenTile(student))?.picture === "true", BUSY_MS);
    });
  });
}
