/** Runs the browser tests; the last lines are the runner's sum. */

import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const tests = ["instruments", "lesson", "return", "refusals"].map((name) => join(here, `${name}.test.mjs`));

// One after the other: each starts browsers of its own, and machines have few cores.
const run = spawnSync(process.execPath, ["--test", "--test-concurrency=1", "--test-reporter=spec", ...tests], {
  stdio: "inherit",
});
process.exit(run.status ?? 1);
