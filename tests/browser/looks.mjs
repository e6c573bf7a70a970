/** The languages and colours that a page can be seen in. */

import { part } from "./lesson-page.mjs";

export const EVERY_LOOK = ["de", "en"].flatMap((language) => ["light", "dark"].map((theme) => [language, theme]));

/** Chooses without a reload; what moves has come to rest then. */
export async function wear(page, [language, theme]) {
  await page.select(part("language"), language);
  await page.select(part("theme"), theme);
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const ending = document.getAnimations().filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime));
    await Promise.all(ending.map((animation) => animation.finished.catch(() => undefined)));
  });
}
