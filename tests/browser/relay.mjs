/** The built server as a process of its own, on a port of its own. */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { endWithUs } from "./children.mjs";
import { eventually } from "./wait.mjs";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** A program of ours that is built, rather for release; undefined if it is not. */
export const built = (name) => ["release", "debug"].map((profile) => join(ROOT, "target", profile, name)).find((path) => existsSync(path));

function binary() {
  const chosen = process.env.MOSAIK_BIN;
  const found = chosen && existsSync(chosen) ? chosen : built("mosaik");
  if (!found) throw new Error("the server is not built: run `cargo build --release -p mosaik-server`");
  return found;
}

/** A TCP port that nobody listens on now; the server takes UDP of the same number. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts the server and reads its links as a teacher would. */
export async function startRelay(args = []) {
  const port = await freePort();
  const child = endWithUs(
    spawn(binary(), ["serve", "--listen", `127.0.0.1:${port}`, ...args], { stdio: ["ignore", "pipe", "pipe"] }),
  );
  let output = "";
  let log = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (log += text));
  const links = await eventually("the server to print its links", () => {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${log}`);
    const found = [...output.matchAll(/https?:\/\/\S+#\S+/g)].map((match) => match[0]);
    return found.length >= 2 ? found : undefined;
  }).catch((error) => {
    child.kill("SIGKILL");
    throw error;
  });
  return {
    port,
    pid: child.pid,
    teacherLink: links[0],
    studentLink: links[1],
    log: () => log,
    async stop() {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(patience);
    },
  };
}
