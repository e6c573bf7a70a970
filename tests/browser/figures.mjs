/** What a benchmark in browsers leaves behind: figures as JSON in target/bench, and as a table for people. */

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { versions } from "./browsers.mjs";
import { ROOT } from "./relay.mjs";

const WIDTH = 40;

/** With what and when it was measured. */
export const about = () => ({
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, memory_gb: Math.round(totalmem() / 2 ** 30), kernel: release() },
  versions: versions(),
  measured_at: new Date().toISOString(),
});

/** The middle one of several numbers; undefined of none. */
export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];

function table(figures, indent = "  ") {
  const numbers = Object.entries(figures).filter(([, value]) => typeof value === "number");
  for (const [key, value] of numbers) console.log(`${indent}${key.padEnd(WIDTH - indent.length)} ${Number(value.toFixed(3))}`);
}

/** `name` is that of the file; `parts` are tables below the first, by their titles. */
export function write(name, figures, parts = {}) {
  const directory = join(ROOT, "target/bench");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, `${name}.json`), `${JSON.stringify(figures, undefined, 2)}\n`);
  console.log(`\n${name}`);
  table(figures);
  for (const [title, part] of Object.entries(parts)) {
    console.log(`  ${title}`);
    table(part, "    ");
  }
}
