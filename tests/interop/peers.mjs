/**
 * The peers: MoQT software of other people, with what it can publish and what it can receive.
 *
 * A publisher gives back its running program once its track can be asked for. A subscriber gives
 * back one sentence about what arrived, or throws one about what did not.
 */

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "../browser/relay.mjs";
import { eventually } from "../browser/wait.mjs";
import { framesOf, play } from "./film.mjs";
import { lastLine, start } from "./program.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const PLACE = join(ROOT, "target/interop");
const PYTHON = join(PLACE, "venv/bin/python");
const CRATES = join(PLACE, "crates/bin");

/** The track's name in every case: one that may be published in a room too. */
export const TRACK = "mic";

/** How long a peer has to start, connect and announce, on a busy machine. */
const READY_MS = 20_000;

/** How long a subscriber has for what it is to receive. */
const RECEIVE_MS = 25_000;

/** What a peer speaks that has no WebSockets. */
const WITH_UDP = ["quic", "webtransport"];

const tool = (name) => join(PLACE, "venv/bin", name);

export const isPythonThere = () => existsSync(PYTHON);
export const isNodeThere = () => existsSync(join(PLACE, "node/node_modules/@moq/net/index.js"));
export const areCratesThere = () => ["moq-clock-ietf", "moq-pub", "moq-sub"].every((name) => existsSync(join(CRATES, name)));

/** Starts the interop client of aiomoqt, which prints its cases as TAP. */
export const aiomoqtCases = (url, args = []) =>
  start(tool("moq-interop-client"), ["-r", url, "--draft", "18", "--tls-disable-verify", ...args]);

/** aiomoqt 0.13: its own MoQT over picoquic, in Python. 100 objects a second, 10 in a group. */
export const aiomoqt = {
  name: "aiomoqt",
  transports: WITH_UDP,
  objectsInGroup: 10,

  /** It brings a token in its requests. */
  asPublisher: (token) => ["--pub-ns", "--auth-token", token],
  asSubscriber: (token) => ["--auth-token", token],

  async publish(url, namespace, flags = ["--pub-ns"]) {
    const pace = ["-s", "500", "-g", "10", "-r", "100", "-t", "60"];
    const args = ["-k", "--draft", "18", "-N", namespace, "-T", TRACK, ...pace, ...flags, url];
    const program = start(tool("moq-pub-bench"), args);
    await program.said(/waiting for subscriber/, READY_MS);
    return program;
  },

  /** Receives for `seconds`; at least `least` objects must come, and none may be missing. */
  async subscribe(url, namespace, { flags = [], least = 15, seconds = 2, track = TRACK, mayLack = false } = {}) {
    const args = ["-k", "--draft", "18", "-N", namespace, "-T", track, "-t", String(seconds), ...flags, url];
    const program = start(tool("moq-sub-bench"), args);
    const code = await program.code(RECEIVE_MS);
    const figure = (name) => Number(program.output().match(new RegExp(`${name}:\\s+([\\d,]+)`))?.[1].replaceAll(",", ""));
    const [objects, lost] = [figure("Objects"), figure("Lost")];
    if (code !== 0 || !(objects >= least)) throw new Error(`${objects} objects: ${lastLine(program.output())}`);
    if (lost > 0 && !mayLack) throw new Error(`${lost} of ${objects} objects were lost`);
    return `${objects} objects`;
  },
};

/**
 * The Python wheel moq-rs 0.5: the Rust crate moq-net over noq, and over WebSockets with the crate
 * qmux. Ten seconds of 50 ms in a group.
 */
export const moqNet = {
  name: "moq-net",
  transports: [...WITH_UDP, "websocket"],
  objectsInGroup: 11,

  async publish(url, namespace) {
    const program = start(PYTHON, [join(HERE, "moq_net/publish.py"), url, namespace, TRACK]);
    await program.said(/^published$/m, READY_MS);
    return program;
  },

  async subscribe(url, namespace, { objectsInGroup, wanted = 35 } = {}) {
    const args = [join(HERE, "moq_net/subscribe.py"), url, namespace, TRACK, String(wanted)];
    return whole(start(PYTHON, args), wanted, objectsInGroup);
  },
};

/** The npm package @moq/net 0.3: MoQT in TypeScript over its own QMux; without a browser it has WebSockets alone. */
export const moqJs = {
  name: "moq-js",
  transports: ["websocket"],
  objectsInGroup: 11,

  async publish(url, namespace) {
    const program = moqJsProgram("publish.mjs", [url, namespace, TRACK]);
    await program.said(/^published$/m, READY_MS);
    return program;
  },

  subscribe(url, namespace, { objectsInGroup, wanted = 35 } = {}) {
    const program = moqJsProgram("subscribe.mjs", [url, namespace, TRACK, String(wanted)]);
    return whole(program, wanted, objectsInGroup);
  },
};

/** The relay's certificate is one for development; Node.js 20 has a WebSocket only if it is told so. */
const moqJsProgram = (script, args) =>
  start(process.execPath, ["--experimental-websocket", join(HERE, "moq_js", script), ...args], {
    environment: { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
  });

/** Waits for the groups that a subscriber prints as JSON, which must have all their objects. */
async function whole(program, wanted, objectsInGroup) {
  const code = await program.code(RECEIVE_MS);
  if (code !== 0) throw new Error(lastLine(program.output()));
  const groups = JSON.parse(program.output().match(/^\[.*\]$/m)?.[0] ?? "[]");
  // The first may have begun before, the last is cut where enough had come.
  for (const { group, sizes } of groups.slice(1, -1)) {
    if (objectsInGroup && sizes.length !== objectsInGroup) {
      throw new Error(`group ${group} has not ${objectsInGroup} objects: ${JSON.stringify(groups)}`);
    }
  }
  return `${wanted} objects in ${groups.length} groups`;
}

const clockFlags = (namespace, flags) => [
  "--tls-disable-verify",
  "--namespace",
  namespace,
  "--track",
  TRACK,
  ...flags,
];

/** quinn refuses to ask for a certificate by address, so the name stands for it. */
const byName = (url) => url.replace("127.0.0.1", "localhost");

/** moq-transport says in its log when its namespace was accepted. */
const LOUD = { environment: { RUST_LOG: "moq_transport=debug,info" } };
const ANNOUNCED = /direction="recv".*msg_type="REQUEST_OK"/;

/** moq-clock-ietf 0.6: the Rust crate moq-transport over quinn. One object a second. */
export const clock = {
  name: "moq-transport",
  transports: WITH_UDP,

  /** It brings a token in SETUP, of type 0 as docs/protocol.md wants it. */
  asPublisher: (token) => ["--auth-token", `0:${Buffer.from(token).toString("base64url")}`],
  asSubscriber: (token) => clock.asPublisher(token),

  async publish(url, namespace, flags = []) {
    const args = [...clockFlags(namespace, ["--publish", ...flags]), byName(url)];
    const program = start(join(CRATES, "moq-clock-ietf"), args, LOUD);
    await program.said(ANNOUNCED, READY_MS);
    return program;
  },

  /** Its groups are the minutes of the clock. */
  firstGroupOver: (program) => program.said(/:00$/m, 70_000),

  async subscribe(url, namespace, { flags = [], seconds = 3 } = {}) {
    const program = start(join(CRATES, "moq-clock-ietf"), [...clockFlags(namespace, flags), byName(url)]);
    try {
      await program.said(new RegExp(`(^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\n){${seconds}}`, "m"), RECEIVE_MS);
      return `${seconds} seconds of the clock in a row`;
    } finally {
      await program.stop();
    }
  },
};

/** moq-pub 0.10 and moq-sub 0.5 on the same crate: a film in fragmented MP4 from input to output. */
export const film = {
  name: "moq-transport",
  transports: WITH_UDP,

  async publish(url, namespace, flags = []) {
    const args = ["--tls-disable-verify", "--name", namespace, ...flags, byName(url)];
    const program = start(join(CRATES, "moq-pub"), args, { ...LOUD, feed: play });
    await program.said(ANNOUNCED, READY_MS);
    return program;
  },

  /** Watches twice: the film must go on when its only spectator leaves and comes back. */
  async subscribe(url, namespace, { frames = 60 } = {}) {
    for (let visit = 0; visit < 2; visit += 1) {
      const args = ["--tls-disable-verify", "--name", namespace, "--catalog", byName(url)];
      const program = start(join(CRATES, "moq-sub"), args);
      try {
        await eventually(
          `${frames} frames`,
          () => {
            const count = framesOf(program.bytes());
            if (count < frames && program.isOver()) throw new Error(lastLine(program.output()));
            return count >= frames;
          },
          RECEIVE_MS,
        );
      } finally {
        await program.stop();
      }
    }
    return `${frames} frames twice`;
  },
};
