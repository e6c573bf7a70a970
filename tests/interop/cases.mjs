/**
 * What is tried with each peer. A case has a name, the transports of publisher and subscriber, and
 * something to run that gives a sentence about what happened or throws one.
 */

import {
  TRACK,
  aiomoqt,
  aiomoqtCases,
  areCratesThere,
  clock,
  film,
  isNodeThere,
  isPythonThere,
  moqJs,
  moqNet,
} from "./peers.mjs";
import { lastLine } from "./program.mjs";
import { join } from "./room.mjs";

/** How long the interop client of aiomoqt may take for one case: its own deadlines are below it. */
const CASE_MS = 30_000;

/** The cases of moq-interop-runner that aiomoqt's client plays, and two for FETCH. */
const AIOMOQT_CASES = [
  "setup-only",
  "announce-only",
  "publish-namespace-done",
  "subscribe-error",
  "rendezvous-timeout",
  "announce-subscribe",
  "subscribe-before-announce",
  "data-subgroup-basic",
  "subscribe-namespace-lifecycle",
  "namespace-discovery",
  "publish-track-only",
  "publish-track-subscribe",
  "fetch",
  "join",
];

/** Which transports the publisher's and the subscriber's session take: each that a peer has with each. */
const pathsOf = (publisher, subscriber = publisher) =>
  publisher.transports.flatMap((from) => subscriber.transports.map((to) => [from, to]));

/** The paths on which both sessions take the same. */
const straight = (peer) => peer.transports.map((transport) => [transport, transport]);

async function runAiomoqtCase(url, name, namespace) {
  // Its own namespaces differ by the second only.
  const program = aiomoqtCases(url, ["-t", name, "--namespace-prefix", namespace]);
  const code = await program.code(CASE_MS);
  const report = program.output();
  const said = report.match(/^ {2}message: "(.*)"$/m)?.[1] ?? lastLine(report);
  // A case that was skipped was not passed.
  if (code !== 0 || !new RegExp(`^ok 1 - ${name}$`, "m").test(report)) throw new Error(said);
  return said;
}

function aiomoqtTests(urls) {
  return AIOMOQT_CASES.flatMap((name) =>
    aiomoqt.transports.map((transport) => ({
      peers: aiomoqt.name,
      name,
      transports: transport,
      run: (namespace) => runAiomoqtCase(urls[transport], name, namespace),
    })),
  );
}

/** A case in which `publisher` publishes and `subscriber` receives, each over its transport. */
function pass(urls, publisher, subscriber, [from, to], name, { publish = [], hasPast = false, ...expected } = {}) {
  return {
    peers: publisher === subscriber ? publisher.name : `${publisher.name} → ${subscriber.name}`,
    name,
    transports: from === to ? from : `${from} → ${to}`,
    async run(namespace) {
      const publishing = await publisher.publish(urls[from], namespace, ...publish);
      try {
        const { objectsInGroup } = publisher;
        if (hasPast) await publisher.firstGroupOver(publishing);
        return await subscriber.subscribe(urls[to], namespace, { objectsInGroup, ...expected });
      } finally {
        await publishing.stop();
      }
    },
  };
}

/** What publishers may do within the draft, told by a publisher that can be asked for it. */
function publisherWays(urls) {
  const ways = [
    ["PUBLISH without PUBLISH_NAMESPACE", []],
    ["PUBLISH after PUBLISH_NAMESPACE", ["--pub-both"]],
    ["objects in datagrams", ["-D"], { paths: pathsOf(aiomoqt).filter(([from]) => from === "quic") }],
    ["four subgroups at once", ["-P", "4"]],
    ["gaps between groups and between objects", ["--gaps"], { mayLack: true }],
    ["padding streams and datagrams", ["--padding", "1000"]],
    ["TRACK_STATUS before the track is there", ["--pub-ns", "--track-status"]],
    ["REQUEST_UPDATE of a PUBLISH", ["--publish-update"]],
    ["a namespace that is withdrawn under a subscription", ["--pub-ns", "--withdraw-after", "4"], { least: 420, seconds: 8 }],
    ["two tracks of one publisher", ["--second-track"], { track: `${TRACK}-2` }],
    ["properties that only others know", ["--timestamps", "both"]],
  ];
  return ways.flatMap(([name, flags, { paths = straight(aiomoqt), ...expected } = {}]) =>
    paths.map((path) => pass(urls, aiomoqt, aiomoqt, path, name, { publish: [flags], ...expected })),
  );
}

/** PUBLISH_DONE reaches the subscriber, which then ends long before its time. */
function trackEnds(urls, path) {
  const ended = pass(urls, aiomoqt, aiomoqt, path, "a track that ends", {
    publish: [["--pub-ns", "--end-after", "3"]],
    seconds: 20,
  });
  return {
    ...ended,
    async run(namespace) {
      const began = Date.now();
      const said = await ended.run(namespace);
      if (Date.now() - began > 15_000) throw new Error("the subscriber did not learn of the end");
      return said;
    },
  };
}

/** A participant publishes and another receives in a room, with the tokens that its links give. */
function passInARoom(relay, peer, [from, to]) {
  return {
    peers: peer.name,
    name: "a track of a room, with its tokens",
    transports: from === to ? from : `${from} → ${to}`,
    async run() {
      const { namespace, token } = await join(relay.teacherLink);
      const publishing = await peer.publish(relay.urls[from], namespace, peer.asPublisher(token));
      try {
        const student = await join(relay.studentLink);
        return await peer.subscribe(relay.urls[to], namespace, { flags: peer.asSubscriber(student.token) });
      } finally {
        await publishing.stop();
      }
    },
  };
}

function pythonTests(relay) {
  const { urls } = relay;
  const pairs = [
    [aiomoqt, aiomoqt],
    [moqNet, moqNet],
    [aiomoqt, moqNet],
    [moqNet, aiomoqt],
  ];
  return [
    ...aiomoqtTests(urls),
    ...publisherWays(urls),
    ...straight(aiomoqt).map((path) => trackEnds(urls, path)),
    ...pathsOf(aiomoqt).map((path) => passInARoom(relay, aiomoqt, path)),
    ...pairs.flatMap(([from, to]) =>
      pathsOf(from, to).map((path) => pass(urls, from, to, path, "publish and subscribe")),
    ),
  ];
}

function nodeTests({ urls }) {
  const pairs = [
    [moqJs, moqJs],
    [moqNet, moqJs],
    [moqJs, moqNet],
    [aiomoqt, moqJs],
    [moqJs, aiomoqt],
  ];
  return pairs.flatMap(([from, to]) =>
    pathsOf(from, to).map((path) => pass(urls, from, to, path, "publish and subscribe")),
  );
}

function crateTests(relay) {
  const { urls } = relay;
  const clockCases = [
    ["publish and subscribe"],
    ["objects in datagrams", { publish: [["--datagrams"]] }],
    ["TRACK_STATUS before SUBSCRIBE", { flags: ["--track-status"] }],
    ["joining with FETCH", { flags: ["--join-groups", "1"], hasPast: true }],
  ];
  return [
    ...clockCases.flatMap(([name, options]) =>
      pathsOf(clock).map((path) => pass(urls, clock, clock, path, name, options)),
    ),
    ...pathsOf(clock).flatMap((path) => [
      passInARoom(relay, clock, path),
      pass(urls, film, film, path, "a film, its tracks announced"),
      pass(urls, film, film, path, "a film, its tracks published", { publish: [["--publish"]] }),
    ]),
    ...pathsOf(clock, aiomoqt).map((path) =>
      pass(urls, clock, aiomoqt, path, "publish and subscribe", { least: 3, seconds: 5 }),
    ),
    ...pathsOf(clock, moqNet).map((path) => pass(urls, clock, moqNet, path, "publish and subscribe", { wanted: 3 })),
    ...[moqNet, ...(isNodeThere() ? [moqJs] : [])].flatMap((from) =>
      pathsOf(from, clock).map((path) => pass(urls, from, clock, path, "publish and subscribe", { seconds: 8 })),
    ),
  ];
}

/**
 * Every case whose peers are installed, with a relay that has its URLs by transport. With `isQuick`
 * only those that need nothing built.
 */
export function casesFor(relay, isQuick) {
  return [
    ...(isPythonThere() ? pythonTests(relay) : []),
    ...(isPythonThere() && isNodeThere() ? nodeTests(relay) : []),
    ...(!isQuick && isPythonThere() && areCratesThere() ? crateTests(relay) : []),
  ];
}
