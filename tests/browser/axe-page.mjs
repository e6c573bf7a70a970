/** Looks at a page with axe-core, in the languages and colours that a browser is asked for. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { EVERY_LOOK, wear } from "./looks.mjs";
import { ROOT } from "./relay.mjs";

const AXE = readFileSync(createRequire(join(ROOT, "web/package.json")).resolve("axe-core/axe.min.js"), "utf8");

/** WCAG 2.2 AA and what the field finds good; the size of targets is off in axe-core unless it is asked for. */
const OPTIONS = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  rules: { "target-size": { enabled: true } },
  resultTypes: ["violations"],
  preload: false,
};

/** Two browsers see each view in each language and each colour between them; with `EVERY_LOOK=1`, each in all of them. */
const LOOKS = process.env.EVERY_LOOK ? { chromium: EVERY_LOOK, firefox: EVERY_LOOK } : { chromium: [["de", "light"]], firefox: [["en", "dark"]] };

/** What axe-core finds wrong in the page as it is, a line each, and the rules that held of something. */
async function run(page) {
  if (await page.evaluate(() => globalThis.axe === undefined)) await page.evaluate(AXE);
  return page.evaluate(async (options) => {
    // Behind a modal dialog nothing can be reached.
    const found = await globalThis.axe.run(document.querySelector("dialog:modal") ?? document, options);
    const wrong = found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary.split("\n").slice(1).join(" ").trim()}`));
    return { wrong, held: found.passes.map(({ id }) => id) };
  }, OPTIONS);
}

/** Gathers what is wrong in views, one after the other. */
export function createAudit(kind) {
  const found = [];
  const rules = new Set();
  const seen = [];
  return {
    found,
    /** Names of the views. */
    seen,
    /** Those that held somewhere: they were looked at. */
    rules,
    async look({ page }, name) {
      seen.push(name);
      for (const look of LOOKS[kind]) {
        await wear(page, look);
        const { wrong, held } = await run(page);
        held.forEach((rule) => rules.add(rule));
        found.push(...wrong.map((violation) => `${name}, ${look.join(", ")}: ${violation}`));
      }
    },
  };
}
