/**
 * One lesson in two browsers over a line that somebody else makes: `links` starts it.
 *
 * `lesson.mjs WAY SECONDS STEM`. It says `{"to": address}` on a line of its own when it needs a line to that
 * address, reads the line's own port, and says `{"done": true}` when the lesson is over. What was seen and
 * heard when is in STEM.json then, and how it sounded in STEM.wav.
 */

import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { watchLoad } from "../../tests/browser/load.mjs";
import { listen } from "./ear.mjs";
import { startMosaik } from "./mosaik.mjs";
import { tape, wav } from "./tape.mjs";
import { startWebrtc } from "./webrtc.mjs";

/** By the names that `links` has for them. */
const WAYS = {
  "mosaik-browser": startMosaik,
  janus: startWebrtc,
  "janus-mid": (sound) => startWebrtc(sound, { substream: 1 }),
  "janus-low": (sound) => startWebrtc(sound, { substream: 0 }),
};
const [way, seconds, stem] = process.argv.slice(2);

const lines = createInterface({ input: process.stdin });
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
/** The other end is gone: nobody wants to know any more. */
lines.once("close", () => process.exit(1));

function lineTo(address) {
  say({ to: address });
  return new Promise((resolve) => lines.once("line", (text) => resolve(Number(text))));
}

/** What was recorded in the student's browser, and what it counts by itself. */
async function attend(lesson) {
  const joinedAt = await lesson.join(lineTo);
  const load = watchLoad();
  await new Promise((resolve) => setTimeout(resolve, joinedAt + Number(seconds) * 1_000 - Date.now()));
  const endedAt = Date.now();
  const busy = load();
  const { page } = lesson.student;
  const pictures = await page.evaluate(() => globalThis.mosaikEyes.pictures());
  const { rate, marks, samples } = await page.evaluate(() => globalThis.mosaikRecorder());
  const player = await lesson.teacher.page.evaluate(() => globalThis.mosaikTape());
  const counts = await lesson.counts();
  return { joinedAt, endedAt, pictures, player, recording: { rate, marks, samples: Buffer.from(samples, "base64") }, counts, load: busy };
}

function write({ joinedAt, endedAt, pictures, player, recording, counts, load }) {
  writeFileSync(`${stem}.wav`, wav(recording.rate, recording.samples));
  const { buffer, byteOffset, length } = recording.samples;
  const samples = new Int16Array(buffer.slice(byteOffset, byteOffset + length));
  const speech = listen(player, { ...recording, samples });
  writeFileSync(`${stem}.json`, JSON.stringify({ joined_at: joinedAt, ended_at: endedAt, speech, pictures, counts, load }));
}

const lesson = await WAYS[way](tape());
const came = await attend(lesson).finally(() => lesson.close());
write(came);
say({ done: true });
process.exit(0);
