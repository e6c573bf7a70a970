/** The page can be installed, and opens without its server to say that there is none. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser } from "./browsers.mjs";
import { startRelay } from "./relay.mjs";

for (const kind of ["chromium", "firefox"]) {
  test(`without a server the page opens and says so, in ${kind}`, async () => {
    const relay = await startRelay();
    const { browser, page } = await openBrowser(kind, { language: "de" });
    try {
      await page.goto(relay.studentLink);
      await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
      const kept = await page.evaluate(async () => {
        const caching = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
        const requests = await Promise.all(caching.map((cache) => cache.keys()));
        return requests.flat().map(({ url }) => new URL(url).pathname);
      });
      assert.ok(kept.includes("/") && kept.some((path) => path.startsWith("/assets/join-")), kept.join());
      assert.ok(!kept.some((path) => path.startsWith("/api")), kept.join());
      // The room's secret is behind the # of the link: nothing of it is in an address that is kept.
      assert.ok(kept.every((path) => !path.includes("#")), kept.join());
      await relay.stop();
      await page.reload();
      await (await page.waitForSelector('[data-testid="join-name"]')).type("Ayla");
      await page.click('[data-testid="join-button"]');
      const problem = await page.waitForSelector('[data-testid="join-problem"][data-problem="unreachable"]');
      assert.match(await problem.evaluate((element) => element.textContent), /Keine Verbindung/);
    } finally {
      await browser.close();
      await relay.stop();
    }
  });
}

test("what a device needs to install the page is there", async () => {
  const relay = await startRelay();
  try {
    const { origin } = new URL(relay.studentLink);
    const manifest = await (await fetch(`${origin}/manifest.webmanifest`)).json();
    assert.equal(manifest.start_url, "/");
    for (const { src, type, sizes } of manifest.icons) {
      const answer = await fetch(`${origin}${src}`);
      assert.equal(answer.headers.get("content-type"), type);
      const bytes = Buffer.from(await answer.arrayBuffer());
      // A PNG says its width and height at byte 16 (PNG specification, 11.2.2).
      if (type === "image/png") assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, sizes);
    }
  } finally {
    await relay.stop();
  }
});
