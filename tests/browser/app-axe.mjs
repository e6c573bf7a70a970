/** What axe-core finds wrong in every view of the page, in Chromium; the tests have the other browser. */

import { createAudit } from "./axe-page.mjs";
import { everyView } from "./every-view.mjs";

const KIND = "chromium";

export async function countViolations() {
  const audit = createAudit(KIND);
  await everyView(KIND, audit.look);
  return { axe_violations: audit.found.length, detail: { views: audit.seen.length, found: audit.found } };
}
