/** A person who has a keyboard and nothing else: no pointer, and nobody presses a button for them. */

import assert from "node:assert/strict";
import { part } from "./lesson-page.mjs";
import { eventually } from "./wait.mjs";

/** More stops of the Tab key than any view has. */
const STOPS_MAX = 160;

/** What has the focus: whether it is what is looked for, and how that shows. */
const focused = (page, selector) =>
  page.evaluate((wanted) => {
    const element = document.activeElement;
    // A field that is not drawn shows its focus on its label.
    const drawn = element.matches(".hidden") ? element.closest("label") : element;
    const marks = [drawn, ...drawn.querySelectorAll("*")].map((each) => getComputedStyle(each));
    const has = ({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
    return {
      isBody: element === document.body || element === document.documentElement,
      isWanted: wanted !== undefined && element.matches(wanted),
      isBehind: wanted !== undefined && (element.compareDocumentPosition(document.querySelector(wanted) ?? element) & Node.DOCUMENT_POSITION_PRECEDING) !== 0,
      isMarked: element.matches(":focus-visible") && marks.some(has),
      what: element.outerHTML.slice(0, 160),
    };
  }, selector);

export function byKeys(person) {
  const { page } = person;
  const { keyboard } = page;
  /** Waits until the focus is as it should be: what opens is drawn before it takes it. */
  const shown = async (isRight, what, selector) => {
    let last;
    await eventually(what, async () => {
      last = await focused(page, selector);
      return isRight(last);
    }).catch((error) => {
      throw new Error(`${error.message}: ${last.what}`);
    });
    return last;
  };
  /** Goes on or back until this has the focus: where a page ends, the browser's own stops begin. */
  const to = async (selector) => {
    await page.waitForSelector(selector);
    for (let stop = 0; stop < STOPS_MAX; stop += 1) {
      const at = await shown((found) => found.isBody || found.isMarked, "the focus to show", selector);
      if (at.isWanted) return;
      await press(...(at.isBehind ? ["Shift", "Tab"] : ["Tab"]));
    }
    assert.fail(`Tab does not come to ${selector}`);
  };
  const press = async (...keys) => {
    const held = keys.slice(0, -1);
    for (const key of held) await keyboard.down(key);
    await keyboard.press(keys.at(-1));
    for (const key of held.toReversed()) await keyboard.up(key);
  };
  /** After each step: the focus is somewhere, and shows. */
  const isKept = (step) => shown((found) => !found.isBody && found.isMarked, `the focus to be somewhere after ${step}`);
  const use = async (selector, key = "Enter") => {
    await to(selector);
    await press(key);
  };
  return {
    to: (name) => to(part(name)),
    press,
    isKept,
    use: (name, key) => use(part(name), key),
    /** Writes into a field that has no text yet. */
    async write(name, text) {
      await to(part(name));
      await keyboard.type(text);
    },
  };
}
