/**
 * Janus as Debian packages it, as a process of its own, and its API as far as a lesson needs it.
 *
 * Its defaults are kept; what is set makes it stay on this machine and takes away limits: its room does
 * not bound the publisher's bit rate.
 */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithUs } from "../../tests/browser/children.mjs";
import { freePort } from "../../tests/browser/relay.mjs";
import { eventually } from "../../tests/browser/wait.mjs";

export const ROOM = 1;
/** The teacher's place in the room. */
export const FEED = 1;
/** All layers of a camera and speech, twice. */
const BITS_PER_SECOND = 4_000_000;
/** Ports for media, one for each connection. */
const PORTS = 100;
const ANSWER_MS = 10_000;

const configuration = (home, port, media) => ({
  "janus.jcfg": `general: { configs_folder = "${home}" debug_level = 4 }
media: { rtp_port_range = "${media}-${media + PORTS}" }
nat: { ice_lite = true ipv6 = false }
plugins: { disable = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_echotest.so,libjanus_lua.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_voicemail.so" }
transports: { disable = "libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so,libjanus_websockets.so" }
`,
  "janus.transport.http.jcfg": `general: { json = "compact" base_path = "/janus" http = true port = ${port} ip = "127.0.0.1" https = false }
admin: { admin_http = false admin_https = false }
`,
  "janus.plugin.videoroom.jcfg": `room-${ROOM}: { description = "Lesson" publishers = 1 bitrate = ${BITS_PER_SECOND} }
`,
});

/** Starts Janus; `connect` gives a session with the room. */
export async function startJanus() {
  const home = mkdtempSync(join(tmpdir(), "mosaik-janus-"));
  const port = await freePort();
  // Below those that the system gives to others.
  const media = 20_000 + (port % 100) * 100;
  for (const [name, text] of Object.entries(configuration(home, port, media))) writeFileSync(join(home, name), text);
  const child = endWithUs(spawn("janus", ["-F", home, "-o"], { stdio: ["ignore", "pipe", "pipe"] }));
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log += text));
  let failed;
  child.once("error", (error) => (failed = error));
  const url = `http://127.0.0.1:${port}/janus`;
  await eventually("Janus to answer", async () => {
    if (failed) throw new Error(`Janus does not start: ${failed.message}`);
    if (child.exitCode !== null) throw new Error(`Janus ended with ${child.exitCode}: ${log}`);
    return fetch(`${url}/info`).then(({ ok }) => ok, () => false);
  });
  return {
    connect: () => connect(url),
    log: () => log,
    stop() {
      child.kill("SIGTERM");
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function post(url, body) {
  const request = { transaction: crypto.randomUUID(), ...body };
  const response = await fetch(url, { method: "POST", body: JSON.stringify(request), signal: AbortSignal.timeout(ANSWER_MS) });
  const answer = await response.json();
  if (answer.janus === "error") throw new Error(`Janus refuses ${body.janus}: ${answer.error.reason}`);
  return answer;
}

/** A session with the video room. */
async function connect(base) {
  const session = `${base}/${(await post(base, { janus: "create" })).data.id}`;
  const handle = `${session}/${(await post(session, { janus: "attach", plugin: "janus.plugin.videoroom" })).data.id}`;
  const events = [];
  const ended = new AbortController();
  const listen = async () => {
    // A poll keeps the session alive, too.
    while (!ended.signal.aborted) events.push(await (await fetch(session, { signal: ended.signal })).json());
  };
  const listening = listen().catch(() => undefined);
  return {
    /** Says something to the room, and gives what it says to `expected` ("joined", "attached", "event"). */
    async say(body, expected, jsep) {
      await post(handle, { janus: "message", body, ...(jsep && { jsep }) });
      const isIt = ({ plugindata }) => plugindata?.data.videoroom === expected || plugindata?.data.error;
      const event = await eventually(`Janus to say ${expected}`, () => {
        const at = events.findIndex(isIt);
        return at >= 0 && events.splice(at, 1)[0];
      }, ANSWER_MS);
      const { data } = event.plugindata;
      if (data.error) throw new Error(`Janus says: ${data.error}`);
      return { data, jsep: event.jsep };
    },
    /** All candidates have been told. */
    completed: () => post(handle, { janus: "trickle", candidate: { completed: true } }),
    async close() {
      ended.abort();
      await listening;
    },
  };
}
