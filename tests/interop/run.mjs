/**
 * Plays every case with every peer that is installed, against the built relay: prints a table,
 * writes target/interop.json, and ends with the sum as the other runners do.
 *
 * Usage: run.mjs [--quick] [WORD ...]; with words only the cases that have all of them in their
 * line, with --quick only the peers that need not be built.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, startRelay } from "../browser/relay.mjs";
import { casesFor } from "./cases.mjs";
import { excuseFor } from "./excuses.mjs";

/** Cases at once: they wait most of their time, and machines have few cores. */
const AT_ONCE = 4;

/** Where cases publish, and where aiomoqt asks for what nobody has. */
const PUBLIC = "interop,nonexistent";

const SIGNS = { passed: "✔", excused: "–", pending: "…", failed: "✘" };

/** What a failure counts as, and why. */
function judge(test, message) {
  const excuse = excuseFor(test, message);
  if (!excuse) return { verdict: "failed", said: message };
  const { because, section, sentence } = excuse;
  if (!sentence) return { verdict: "pending", said: message, because };
  return { verdict: "excused", said: message, because: `${because}; section ${section}: “${sentence}”` };
}

async function play(test, index) {
  const began = Date.now();
  const { peers, name, transports } = test;
  const outcome = await test.run(`interop/case-${index}`).then(
    (said) => ({ verdict: "passed", said }),
    ({ message }) => judge(test, message),
  );
  const line = [peers.padEnd(24), transports.padEnd(24), name.padEnd(52), outcome.because ?? outcome.said];
  console.log(`${SIGNS[outcome.verdict]} ${line.join(" ")}`);
  return { peers, name, transports, ...outcome, ms: Date.now() - began };
}

/** Plays `tests`, several at once, and gives the results in the order of the tests. */
async function playAll(tests) {
  const results = [];
  const left = tests.entries();
  const worker = async () => {
    for (const [index, test] of left) results[index] = await play(test, index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

function report(results) {
  const file = join(ROOT, "target/interop.json");
  mkdirSync(join(ROOT, "target"), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ draft: 18, results }, null, 2)}\n`);
  const count = (verdict) => results.filter((result) => result.verdict === verdict).length;
  console.log();
  for (const [word, verdict] of Object.entries({ pass: "passed", fail: "failed", excused: "excused", pending: "pending" })) {
    console.log(`# ${word} ${count(verdict)}`);
  }
  return count("failed") === 0 && count("passed") > 0;
}

const isQuick = process.argv.includes("--quick");
const words = process.argv.slice(2).filter((word) => word !== "--quick");
const relay = await startRelay(["--public-namespace", PUBLIC]);
const urls = {
  quic: `moqt://127.0.0.1:${relay.port}/`,
  webtransport: `https://127.0.0.1:${relay.port}/moqt`,
  websocket: `wss://127.0.0.1:${relay.port}/moqt`,
};
const isMeant = ({ peers, name, transports }) =>
  words.every((word) => `${peers} ${transports} ${name}`.includes(word));
const isGood = report(await playAll(casesFor({ ...relay, urls }, isQuick).filter(isMeant)));
await relay.stop();
process.exit(isGood ? 0 : 1);
