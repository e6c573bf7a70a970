/** Where a device forces its own colours and asks for less motion, what is pressed and what has the focus is still seen. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { hold, plain } from "./lesson-page.mjs";
import { reach } from "./views.mjs";

/** What shows that something is pressed, of buttons that say so. */
const pressed = () =>
  [...document.querySelectorAll(":is(button, .tool):is([aria-pressed], [aria-current])")]
    .filter((button) => button.checkVisibility({ visibilityProperty: true }))
    .map((button) => ({
      name: button.ariaLabel ?? button.textContent,
      isPressed: (button.ariaPressed ?? button.getAttribute("aria-current")) === "true",
      fill: getComputedStyle(button.querySelector(".tool-face") ?? button).backgroundColor,
    }));

test("what is pressed is filled, the focus has its ring, and nothing moves, with a device's own colours", async () => {
  await hold(["chromium"], plain, async ([teacher]) => {
    const { page } = teacher;
    const session = await page.createCDPSession();
    await session.send("Emulation.setEmulatedMedia", { features: [{ name: "forced-colors", value: "active" }, { name: "prefers-reduced-motion", value: "reduce" }] });
    for (const name of ["polls", "board", "room settings", "layouts"]) {
      await reach(teacher, name);
      const all = await page.evaluate(pressed);
      const fills = (isPressed) => new Set(all.filter((button) => button.isPressed === isPressed).map(({ fill }) => fill));
      assert.equal(fills(true).size, 1, `in ${name} all that is pressed looks alike: ${JSON.stringify(all)}`);
      assert.ok([...fills(true)].every((fill) => !fills(false).has(fill)), `in ${name} pressed and not pressed look different: ${JSON.stringify(all)}`);
      const motion = await page.evaluate(() => document.getAnimations().filter((animation) => animation.effect.getComputedTiming().duration > 0).length);
      assert.equal(motion, 0, `nothing moves in ${name}`);
      await page.keyboard.press("Tab");
      const ring = await page.evaluate(() => {
        const { activeElement } = document;
        return getComputedStyle(activeElement.querySelector(".tool-face") ?? activeElement).outlineStyle;
      });
      assert.equal(ring, "solid", `the focus shows in ${name}`);
    }
  });
});
