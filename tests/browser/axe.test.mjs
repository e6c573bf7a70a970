/** Every view of the page, in both browsers, in German and English, light and dark: axe-core finds nothing wrong. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createAudit } from "./axe-page.mjs";
import { everyView } from "./every-view.mjs";

/** Some of each sort: colours, sizes, order, places, names. */
const RULES = ["color-contrast", "target-size", "heading-order", "region", "label", "button-name", "label-content-name-mismatch"];

for (const kind of ["chromium", "firefox"]) {
  test(`axe-core finds nothing wrong in any view, in ${kind}`, async () => {
    const audit = createAudit(kind);
    await everyView(kind, audit.look);
    assert.deepEqual(audit.found, []);
    for (const rule of RULES) assert.ok(audit.rules.has(rule), `${rule} was looked at`);
  });
}
