/** Who wants to be addressed as “Sie” is so on every screen, and after the page was loaded anew. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser } from "./browsers.mjs";
import { isIn, openChat, part } from "./lesson-page.mjs";
import { startRelay } from "./relay.mjs";
import { eventually } from "./wait.mjs";

const says = (page, words) => eventually(`the page to say “${words}”`, () => page.evaluate((wanted) => document.body.innerText.includes(wanted), words));

for (const kind of ["chromium", "firefox"]) {
  test(`the form of address is chosen in ${kind} and stays`, async () => {
    const relay = await startRelay();
    const { browser, page } = await openBrowser(kind);
    try {
      await page.goto(relay.studentLink);
      await page.waitForSelector(part("join-name"));
      await says(page, "Dein Name");
      await page.select(part("language"), "sie");
      await says(page, "Ihr Name");
      assert.equal(await page.$eval("html", ({ lang }) => lang), "de");
      await page.reload();
      await page.waitForSelector(part("join-name"));
      assert.ok((await page.$eval("body", (body) => body.innerText)).includes("Ihr Name"), "from the first moment");
      await page.type(part("join-name"), "Frau Beispiel");
      // Who writes to all is shown the chat's own words.
      await (await page.waitForSelector(part("consent-read"))).evaluate((box) => box.click());
      await page.click(part("join-button"));
      const person = { name: "Frau Beispiel", page };
      await isIn(person);
      await openChat(person);
      await says(page, "Schreiben Sie die erste!");
      await page.select(part("language"), "en");
      await says(page, "Write the first");
      await page.select(part("language"), "de");
      await says(page, "Schreib die erste!");
    } finally {
      await browser.close();
      await relay.stop();
    }
  });
}
