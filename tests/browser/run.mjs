/**
 * Runs the browser tests, and those of the ear that benchmarks listen with; the last lines are the runner's sums.
 *
 * With `EVERY_PAIR=1` each lesson is held by teachers in both browsers and in both languages, without it once, and with
 * `OTHER_PAIR=1` once in the other browser and language: `pairs.mjs` says by whom.
 */

import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const named = (names) => names.map((name) => join(here, `${name}.test.mjs`));

/** What is written and clicked: these wait for the page most of the time, so two run at once. */
const BESIDE = [
  join(here, "../../bench/browsers/ear.test.mjs"),
  ...named(["install", "admin", "refusals", "hands", "chat", "polls", "lead", "door", "timer", "attendance", "log", "consent", "notes", "captions", "board", "axe", "keyboard", "reflow", "forced", "address"]),
];
/** What is seen and heard, then one whole lesson: each has the machine for itself, as it has few cores. */
const ALONE = named(["instruments", "lesson", "return", "voices", "blocked", "layout", "breakouts", "lines", "slides", "screen", "devices", "check", "whole-lesson"]);

/** What one file of tests may take: four times what it needs on two busy cores. */
const FILE_MS = 600_000;

function run(tests, atOnce) {
  const flags = ["--test", `--test-concurrency=${atOnce}`, `--test-timeout=${FILE_MS}`, "--test-reporter=spec"];
  return spawnSync(process.execPath, [...flags, ...tests], { stdio: "inherit" }).status ?? 1;
}

const failures = [run(BESIDE, 2), run(ALONE, 1)];
process.exit(Math.max(...failures));
