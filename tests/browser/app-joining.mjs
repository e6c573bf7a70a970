/** How soon a student can type on the join page, and how soon after pressing Join they see the teacher. */

import { openBrowser } from "./browsers.mjs";
import { probe, probed } from "./app-probe.mjs";
import { median } from "./figures.mjs";
import { installFingers } from "./fingers.mjs";
import { close, enter, listened, plain, watch } from "./lesson-page.mjs";
import { startLink } from "./link.mjs";
import { startRelay } from "./relay.mjs";
import { eventually } from "./wait.mjs";

const RUNS = Number(process.env.RUNS ?? 5);
/** 3 Mbit/s down, 1 Mbit/s up and a round trip of 50 ms in its first 20 s (docs/links.md). */
const LINE = "outage-10s";

/** A browser that was never here, on a line that has just begun. */
async function visit(relay) {
  const line = await startLink(LINE, relay.port);
  const { browser, page } = await openBrowser("chromium");
  try {
    await page.evaluateOnNewDocument(installFingers);
    await page.goto(relay.studentLink.replace(`:${relay.port}`, `:${line.port}`));
    const { shownMs, typedMs, answeredMs } = await eventually("the button to answer", () => page.evaluate(() => globalThis.mosaikFingers()));
    const painted = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
    return { painted_ms: painted, shown_ms: shownMs, typed_ms: typedMs, answered_ms: answeredMs };
  } finally {
    await browser.close();
    line.stop();
  }
}

export async function joinPage() {
  const relay = await startRelay();
  try {
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await visit(relay));
    const answered = runs.map(({ answered_ms }) => answered_ms);
    return { join_page_interactive_ms_3mbit: median(answered), join_page_interactive_ms_3mbit_max: Math.max(...answered), detail: runs };
  } finally {
    await relay.stop();
  }
}

async function look(page) {
  await watch(page);
  await probe(page);
}

/** Of one student after the other, each in a browser of their own. */
export async function joinToPicture() {
  const relay = await startRelay();
  const people = [];
  try {
    people.push(await enter("chromium", relay.teacherLink, "Frau Beispiel", { camera: true, microphone: true, prepare: plain.prepare }));
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) {
      const student = await enter("chromium", relay.studentLink, `Kind ${run + 1}`, { prepare: look });
      people.push(student);
      const firstAt = await eventually("the first picture", async () => (await listened(student)).firstAt, 20_000);
      runs.push(firstAt - (await probed(student)).pressedAt);
      await close([people.pop()]);
    }
    return { join_to_picture_ms: median(runs), join_to_picture_ms_max: Math.max(...runs), detail: runs };
  } finally {
    await close(people);
    await relay.stop();
  }
}
