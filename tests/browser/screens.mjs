/**
 * Takes the pictures of docs/: the join screen and a lively room, in the sizes of a phone, a tablet
 * and a desktop, light and dark.
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { close, enter, listened, openChat, say } from "./lesson-page.mjs";
import { ROOT, startRelay } from "./relay.mjs";
import { eventually } from "./wait.mjs";

const SIZES = [390, 820, 1440];
const HEIGHTS = { 390: 844, 820: 1180, 1440: 900 };
const DIRECTORY = join(ROOT, "docs");
mkdirSync(join(DIRECTORY, "screens"), { recursive: true });

async function show(page, width, scheme) {
  await page.setViewport({ width, height: HEIGHTS[width] });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  // Two frames: layout has settled.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

async function shoot(page, name) {
  for (const width of SIZES) {
    for (const scheme of ["light", "dark"]) {
      await show(page, width, scheme);
      await page.screenshot({ path: join(DIRECTORY, "screens", `${name}-${width}-${scheme}.png`) });
    }
  }
  await show(page, 1440, "light");
  await page.screenshot({ path: join(DIRECTORY, `${name}.png`) });
}

const relay = await startRelay();
const people = [];
try {
  const teacher = await enter("chromium", relay.teacherLink, "Frau Beispiel", { camera: true, microphone: true, isCoded: false });
  people.push(teacher);
  for (const name of ["Ayla", "Ben", "Cem", "Dana"]) {
    people.push(await enter("chromium", relay.studentLink, name, { camera: name === "Ayla", isCoded: false }));
  }
  const student = people.at(-1);

  const { browser, page } = student;
  const lobby = await browser.newPage();
  await lobby.goto(relay.studentLink);
  await lobby.waitForSelector('[data-testid="join-name"]');
  await lobby.type('[data-testid="join-name"]', "Emil");
  await shoot(lobby, "join");
  await lobby.close();
  await page.bringToFront();

  const drawn = ({ reports }) => Object.values(reports.at(-1)?.pictures ?? {});
  await eventually(
    "both pictures",
    async () => drawn(await listened(student)).filter(({ framesDecoded }) => framesDecoded > 30).length === 2,
    30_000,
  );
  await say(teacher, "Guten Morgen! Heute geht es um das Wasser der Erde.");
  await say(people[1], "Guten Morgen, Frau Beispiel");
  await say(people[2], "Morgen!");
  await say(teacher, "Wer mag erklären, wohin der Regen fließt?");
  await show(page, 1440, "light");
  await openChat(student);
  await eventually("four messages", async () => (await page.$$('[data-testid="chat-message"]')).length === 4);
  await shoot(page, "room");
} finally {
  await close(people);
  await relay.stop();
}
