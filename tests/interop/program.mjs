/** A peer's program: started, listened to, and ended in time. */

import { spawn } from "node:child_process";
import { endWithUs } from "../browser/children.mjs";
import { eventually } from "../browser/wait.mjs";

/** What is kept of a program's output: the peers' own reports have a few kilobytes, a film more. */
const OUTPUT_MAX = 4 << 20;

/** Starts `command`; what it says on both outputs is kept together. `feed` writes to its input. */
export function start(command, args, { environment = {}, feed } = {}) {
  const env = { ...process.env, PYTHONUNBUFFERED: "1", NO_COLOR: "1", RUST_BACKTRACE: "0", ...environment };
  const child = endWithUs(spawn(command, args, { stdio: [feed ? "pipe" : "ignore", "pipe", "pipe"], env }));
  feed?.(child.stdin);
  let output = "";
  let bytes = Buffer.alloc(0);
  const keep = (text) => {
    if (output.length < OUTPUT_MAX) output += text;
  };
  child.stdout.on("data", (chunk) => {
    if (bytes.length < OUTPUT_MAX) bytes = Buffer.concat([bytes, chunk]);
    keep(chunk);
  });
  child.stderr.on("data", keep);
  const ended = new Promise((resolve) => {
    child.once("error", (error) => {
      keep(String(error));
      resolve(-1);
    });
    child.once("close", (code) => resolve(code ?? -1));
  });
  let isOver = false;
  void ended.then(() => (isOver = true));
  return {
    output: () => output,
    /** The standard output as it came. */
    bytes: () => bytes,
    isOver: () => isOver,

    /** Waits until the output matches, and gives the match; fails when the program ends before. */
    said: (pattern, deadlineMs) =>
      eventually(
        `${command} to say ${pattern}: ${lastLine(output)}`,
        () => {
          const match = output.match(pattern);
          if (!match && isOver) throw new Error(lastLine(output) || "it ended without a word");
          return match;
        },
        deadlineMs,
      ),

    /** Waits for the end by itself and gives the exit code; after the deadline it is killed. */
    async code(deadlineMs) {
      const patience = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
      const code = await ended;
      clearTimeout(patience);
      return code;
    },

    /** Ends it. */
    async stop() {
      child.kill("SIGTERM");
      await this.code(2_000);
    },
  };
}

/** The last line that says something. */
export function lastLine(output) {
  const lines = output.split("\n").map((line) => line.trim());
  return lines.filter((line) => /\w/.test(line)).at(-1)?.slice(0, 200) ?? "";
}
