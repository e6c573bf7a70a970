/** A weak line as a process of its own: `tests/link` in front of a server. */

import { spawn } from "node:child_process";
import { endWithUs } from "./children.mjs";
import { built } from "./relay.mjs";
import { eventually } from "./wait.mjs";

function binary() {
  const found = built("link");
  if (!found) throw new Error("the line is not built: run `cargo build --release -p mosaik-link --bin link`");
  return found;
}

/** A line of this profile to a port of this machine; its time begins now. */
export async function startLink(profile, to) {
  const child = endWithUs(spawn(binary(), ["--profile", profile, "--to", `127.0.0.1:${to}`], { stdio: ["pipe", "pipe", "pipe"] }));
  let output = "";
  let log = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (log += text));
  const port = await eventually("the line to say where it is", () => {
    if (child.exitCode !== null) throw new Error(`the line ended with ${child.exitCode}: ${log}`);
    return /^127\.0\.0\.1:(\d+)$/m.exec(output)?.[1];
  }).catch((error) => {
    child.kill("SIGKILL");
    throw error;
  });
  return { port: Number(port), stop: () => child.kill("SIGKILL") };
}
