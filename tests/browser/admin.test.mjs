/** Whoever looks after the server sees rooms and load, makes a room, and learns nothing of what is in it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser } from "./browsers.mjs";
import { startRelay } from "./relay.mjs";
import { eventually } from "./wait.mjs";

const SECRET = "the-secret-of-the-administrator";

for (const [kind, language, title] of [["chromium", "de", "Elternabend"], ["firefox", "en", "Parents' evening"]]) {
  test(`the administrator makes a room, sees how many are in it, and removes it, in ${kind}`, async () => {
    const relay = await startRelay(["--admin-secret", SECRET]);
    const { browser, page } = await openBrowser(kind, { language });
    const visitor = await openBrowser(kind, { language });
    try {
      const { origin } = new URL(relay.teacherLink);
      await page.goto(`${origin}/admin`);
      await (await page.waitForSelector('[data-testid="admin-secret"]')).type("wrong-wrong-wrong-wrong-wrong");
      await page.click('[data-testid="admin-open"]');
      await page.waitForSelector('[data-testid="admin-problem"][data-problem="secret"]');
      await page.$eval('[data-testid="admin-secret"]', (input) => input.select());
      await page.type('[data-testid="admin-secret"]', SECRET);
      await page.click('[data-testid="admin-open"]');
      await page.waitForSelector('[data-testid="admin-room"][data-room="demo"]');

      await page.type('[data-testid="admin-title"]', title);
      await page.click('[data-testid="admin-make"]');
      const line = await eventually("the new room", async () => {
        const lines = await page.$$('[data-testid="admin-room"]:not([data-room="demo"])');
        return lines[0];
      });
      assert.match(await line.evaluate((element) => element.textContent), new RegExp(title));
      const link = await line.$eval('[data-testid="copy-teacher"]', (button) => button.dataset.address);

      await visitor.page.goto(link);
      await (await visitor.page.waitForSelector('[data-testid="join-name"]')).type("Geheim");
      await visitor.page.click('[data-testid="join-button"]');
      await visitor.page.waitForSelector('[data-testid="leave"]');
      const people = () => line.$eval('[data-testid="admin-people"]', (element) => element.textContent);
      await eventually("somebody in the room", async () => (await people()).startsWith("1 "));
      const shown = await page.$eval("body", (body) => body.innerText);
      assert.ok(!shown.includes("Geheim"), "the page shows a name");

      // Nobody loses a lesson to a slip of the administrator's finger.
      await (await line.$('[data-testid="admin-remove"]')).click();
      await page.waitForSelector('[data-testid="admin-problem"][data-problem="inUse"]');
      await visitor.page.click('[data-testid="leave"]');
      await eventually("nobody in the room", async () => (await people()).startsWith("0 "));
      await (await line.$('[data-testid="admin-remove"]')).click();
      await eventually("the room to be gone", async () => (await page.$$('[data-testid="admin-room"]')).length === 1);

      // A reload of this tab keeps it open, signing out does not; neither leaves the secret in the address.
      await page.reload();
      await page.waitForSelector('[data-testid="admin-room"]');
      await page.click('[data-testid="admin-leave"]');
      await page.reload();
      await page.waitForSelector('[data-testid="admin-secret"]');
      assert.ok(!page.url().includes(SECRET));
    } finally {
      await visitor.browser.close();
      await browser.close();
      await relay.stop();
    }
  });
}
