/**
 * Runs the browser tests, and those of the ear that benchmarks listen with; the last lines are the runner's sums.
 *
 * With `EVERY_PAIR=1` all of them. Without it a lesson that is held twice, with the browsers' roles exchanged, is held
 * once: both browsers are in it either way.
 */

import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const named = (names) => names.map((name) => join(here, `${name}.test.mjs`));

/** What is written and clicked: these wait for the page most of the time, so two run at once. */
const BESIDE = [
  join(here, "../../bench/browsers/ear.test.mjs"),
  ...named(["install", "admin", "refusals", "hands", "chat", "polls", "lead", "timer", "attendance", "log", "consent", "notes", "captions", "axe", "keyboard", "reflow", "forced", "address"]),
];
/** What is seen and heard, then one whole lesson: each has the machine for itself, as it has few cores. */
const ALONE = named(["instruments", "lesson", "return", "blocked", "layout", "board", "breakouts", "lines", "slides", "screen", "devices", "check", "whole-lesson"]);

/** What is left out of them unless every pair is wanted, by name. */
const EXCHANGED = ["the other way round", "firefox teaches", ": firefox and chromium", ": teacher in firefox", "the same from Firefox to Chromium", "typed in Firefox", "the same in English", "(paper|speaks|pupil's microphone|gives nothing).* in firefox"];

/** What one file of tests may take: four times what it needs on two busy cores. */
const FILE_MS = 600_000;

/** A pattern for every other name, but not for the runner's own root: what is below a name that fits runs too. */
const allBut = (names) => `/^(?!(<root>)?$|.*(${names.join("|")}))/`;

function run(tests, atOnce) {
  const flags = ["--test", `--test-concurrency=${atOnce}`, `--test-timeout=${FILE_MS}`, "--test-reporter=spec"];
  if (!process.env.EVERY_PAIR) flags.push(`--test-name-pattern=${allBut(EXCHANGED)}`);
  return spawnSync(process.execPath, [...flags, ...tests], { stdio: "inherit" }).status ?? 1;
}

const failures = [run(BESIDE, 2), run(ALONE, 1)];
process.exit(Math.max(...failures));
