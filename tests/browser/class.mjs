/** A class of cameras in one browser that costs four encoders: what is theirs to see and hear is left out. */

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openBrowser } from "./browsers.mjs";
import { part } from "./lesson-page.mjs";
import { ROOT } from "./relay.mjs";

const { build } = createRequire(join(ROOT, "web/package.json"))("esbuild");
const here = dirname(fileURLToPath(import.meta.url));

/** The page's own modules with what is around them, never written to where the page is built. */
async function bundle(name) {
  const { outputFiles } = await build({
    entryPoints: [join(here, name)],
    bundle: true,
    write: false,
    format: "iife",
    target: "chrome120",
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

/** Opens the browser of a class whose people come in with `enter`, one each time. */
export async function openClass(link) {
  const { browser, page } = await openBrowser("chromium");
  try {
    // The page makes scripts of nothing but its own text.
    await page.setBypassCSP(true);
    await page.goto(link);
    await page.waitForSelector(part("join-name"));
    await page.evaluate(await bundle("class-page.mjs"));
    await page.evaluate((source) => globalThis.openClass(source), await bundle("class.worker.ts"));
  } catch (error) {
    await browser.close();
    throw error;
  }
  return {
    browser,
    enter: (name) => page.evaluate((who) => globalThis.schoolClass.enter(who), name),
    sent: () => page.evaluate(() => globalThis.schoolClass.sent()),
  };
}
