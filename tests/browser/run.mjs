/** Runs the browser tests, and those of the ear that benchmarks listen with; the last lines are the runner's sum. */

import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
/** The shell and what is seen first, then what a lesson has, then one whole lesson. */
const NAMES = [
  "instruments", "install", "admin", "lesson", "return", "blocked", "refusals", "layout", "hands", "chat", "polls", "board",
  "lead", "timer", "attendance", "log", "consent", "breakouts", "notes", "lines", "slides", "whole-lesson",
];
const browsers = NAMES.map((name) => join(here, `${name}.test.mjs`));
const tests = [join(here, "../../bench/browsers/ear.test.mjs"), ...browsers];

/** What one file of tests may take: four times what it needs on two busy cores. */
const FILE_MS = 600_000;

// One after the other: each starts browsers of its own, and machines have few cores.
const flags = ["--test", "--test-concurrency=1", `--test-timeout=${FILE_MS}`, "--test-reporter=spec"];
const run = spawnSync(process.execPath, [...flags, ...tests], { stdio: "inherit" });
process.exit(run.status ?? 1);
