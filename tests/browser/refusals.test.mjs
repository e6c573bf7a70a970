/** What goes wrong is told so that a person knows what to do. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser } from "./browsers.mjs";
import { startRelay } from "./relay.mjs";

let relay;
before(async () => {
  relay = await startRelay();
});
after(() => relay.stop());

async function withPage(kind, options, body) {
  const { browser, page } = await openBrowser(kind, options);
  try {
    await body(page);
  } finally {
    await browser.close();
  }
}

for (const kind of ["chromium", "firefox"]) {
  test(`a link that is not valid says so and what to do, in ${kind}`, async () => {
    await withPage(kind, { language: "de" }, async (page) => {
      await page.goto(relay.studentLink.replace(/[^/]*$/, "AAAAAAAAAAAAAAAAAAAAAA"));
      await page.waitForSelector('[data-testid="join-name"]');
      await page.type('[data-testid="join-name"]', "Ayla");
      await page.click('[data-testid="join-button"]');
      const notice = await page.waitForSelector('[data-testid^="link-"]');
      assert.match(await notice.evaluate((element) => element.textContent), /Lehrkraft/);
    });
  });
}

test("a camera that was denied is explained", async () => {
  await withPage("chromium", { permissions: false }, async (page) => {
    await page.goto(relay.studentLink);
    await (await page.waitForSelector('[data-testid="consent-seen"]')).evaluate((box) => box.click());
    await page.click('[data-testid="cam-toggle"]');
    const help = await page.waitForSelector('[data-testid="cam-problem"]');
    assert.notEqual((await help.evaluate((element) => element.textContent)).trim(), "");
    // Joining is possible all the same.
    await page.type('[data-testid="join-name"]', "Ayla");
    await page.click('[data-testid="join-button"]');
    await page.waitForSelector('[data-testid="leave"]');
  });
});

test("the page is there in both languages and asks nobody else for anything", async () => {
  for (const [language, word] of [["de", /Beitreten/], ["en", /Join/]]) {
    await withPage("chromium", { language }, async (page) => {
      const hosts = new Set();
      page.on("request", (request) => {
        if (!request.url().startsWith("data:")) hosts.add(new URL(request.url()).host);
      });
      await page.goto(relay.studentLink);
      await page.waitForSelector('[data-testid="join-button"]');
      assert.match(await page.$eval('[data-testid="join-button"]', (button) => button.textContent), word);
      assert.equal(await page.$eval("html", (html) => html.lang), language);
      assert.deepEqual([...hosts], [`127.0.0.1:${relay.port}`]);
    });
  }
});
