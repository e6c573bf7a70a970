/**
 * A loudspeaker for machines without one: PulseAudio with a null sink.
 *
 * Firefox runs an AudioContext only over a real sound server; Chromium needs none. The server is
 * one process of ours in a directory of its own, and ends with the tests.
 */

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithUs } from "./children.mjs";
import { eventually } from "./wait.mjs";

/** Starts the sound server; `env` is for the browsers that are to use it. */
export async function startSound() {
  const home = mkdtempSync(join(tmpdir(), "mosaik-sound-"));
  const socket = join(home, "pulse.sock");
  const server = endWithUs(spawn(
    "pulseaudio",
    [
      "--daemonize=no",
      "-n",
      "--exit-idle-time=-1",
      "--use-pid-file=no",
      "--load=module-null-sink sink_name=room rate=48000",
      `--load=module-native-protocol-unix socket=${socket} auth-anonymous=1`,
    ],
    { stdio: "ignore", env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home } },
  ));
  let failed;
  server.once("error", (error) => (failed = error));
  await eventually("the sound server to listen", () => {
    if (failed) throw new Error(`pulseaudio does not start: ${failed.message}. Install it: apt-get install pulseaudio`);
    return existsSync(socket);
  }).catch((error) => {
    server.kill("SIGKILL");
    throw error;
  });
  return {
    // The latency of a real loudspeaker: a null sink would gladly buffer two seconds.
    env: { PULSE_SERVER: `unix:${socket}`, PULSE_LATENCY_MSEC: "30" },
    stop() {
      server.kill("SIGTERM");
      rmSync(home, { recursive: true, force: true });
    },
  };
}
