/**
 * A measured lesson: a teacher in Chromium, two students in Chromium and one in Firefox, 60 s.
 *
 * Writes target/bench/lesson.json and target/bench/page.json and prints them as tables. Where the
 * students differ, the figure is that of the worst one. `SECONDS` makes it shorter for a look.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { about, write } from "./figures.mjs";
import { watchLoad } from "./load.mjs";
import { close, enter, listened, measure, messages, say } from "./lesson-page.mjs";
import { ROOT, startRelay } from "./relay.mjs";
import { startSound } from "./sound.mjs";
import { eventually } from "./wait.mjs";

const SECONDS = Number(process.env.SECONDS ?? 60);
/** Messages each of the four writes. */
const MESSAGES = 10;

/** A counter of the engine's reports at a moment, between the two reports around it. */
function counterAt(reports, at, read) {
  const after = reports.findIndex((report) => report.at >= at);
  const [one, other] = after <= 0 ? [reports.at(-1), reports.at(-1)] : [reports[after - 1], reports[after]];
  const share = other.at === one.at ? 0 : (at - one.at) / (other.at - one.at);
  return read(one) + (read(other) - read(one)) * share;
}

async function chat(everyone) {
  for (let round = 1; round <= MESSAGES; round += 1) {
    for (const person of everyone) await say(person, `${person.name} ${round}`);
  }
  const expected = everyone.length * MESSAGES;
  const lists = await eventually("all messages", async () => {
    const all = await Promise.all(everyone.map(messages));
    return all.every((list) => list.length >= expected) ? all : undefined;
  }).catch(() => Promise.all(everyone.map(messages)));
  const distinct = lists.map((list) => new Set(list.map(({ id }) => id)).size);
  return {
    chat_lost: Math.max(...distinct.map((count) => expected - count)),
    chat_duplicated: Math.max(...lists.map((list, index) => list.length - distinct[index])),
  };
}

/** `from` and `to` bound the time in which frames are counted, by the engines' reports. */
function figuresOf(student, result, sent, [from, to]) {
  const id = Object.keys(result.reports.at(-1).pictures)[0];
  const decoded = (report) => report.pictures[id]?.framesDecoded ?? 0;
  const encoded = counterAt(sent, to, (report) => report.sent.framesEncoded) - counterAt(sent, from, (report) => report.sent.framesEncoded);
  const voices = result.reports.filter(({ at }) => at >= from && at <= to).flatMap((report) => Object.values(report.voices));
  const buffers = voices.map(({ bufferMs }) => bufferMs).toSorted((a, b) => a - b);
  const received = counterAt(result.reports, to, decoded) - counterAt(result.reports, from, decoded);
  return {
    browser: student.kind,
    frames_encoded: Math.round(encoded),
    frames_received: Math.round(received),
    frames_received_share: Math.min(received / encoded, 1),
    pictures_read: result.measuredPictures,
    audio_gap_max_ms: result.audioGapMaxMs,
    audio_unheard_ms: result.audioUnheardMs,
    audio_rendered_share: result.audioRenderedShare,
    voice_buffer_p50_ms: buffers[Math.floor(buffers.length / 2)],
    voice_buffer_max_ms: buffers.at(-1),
    glass_to_glass_p50_ms: result.latencyP50Ms,
    glass_to_glass_p95_ms: result.latencyP95Ms,
    join_to_picture_ms: student.readyAt - student.openedAt + (result.firstAt - student.joinedAt),
  };
}

async function lesson() {
  const relay = await startRelay();
  const sound = await startSound();
  const people = [];
  try {
    const env = sound.env;
    const teacher = await enter("chromium", relay.teacherLink, "Frau Beispiel", { camera: true, microphone: true, env });
    people.push(teacher);
    for (const [index, kind] of ["chromium", "chromium", "firefox"].entries()) {
      const student = await enter(kind, relay.studentLink, `Kind ${index + 1}`, { env });
      people.push(student);
      await eventually("the first picture", async () => (await listened(student)).firstAt !== undefined, 20_000);
    }
    const students = people.slice(1);
    await eventually(
      "everyone to hear",
      async () => (await Promise.all(students.map(listened))).every(({ isLoud, beeps }) => isLoud && beeps >= 2),
      30_000,
    );
    await Promise.all(students.map(measure));
    const load = watchLoad();
    const from = Date.now();
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
    const to = Date.now();
    const results = await Promise.all(students.map(listened));
    const machineLoad = load();
    // The reports that stand on both sides of the end.
    await eventually("the last reports", async () => (await Promise.all(people.map(listened))).every(({ reports }) => reports.at(-1).at > to));
    const sent = (await listened(teacher)).reports;
    const reports = (await Promise.all(students.map(listened))).map((result) => result.reports);
    const figures = students.map((student, index) => figuresOf(student, { ...results[index], reports: reports[index] }, sent, [from, to]));
    const worst = (key, pick) => pick(...figures.map((figure) => figure[key]));
    return {
      students: students.length,
      seconds: (to - from) / 1000,
      frames_received_share: worst("frames_received_share", Math.min),
      audio_gap_max_ms: worst("audio_gap_max_ms", Math.max),
      glass_to_glass_p50_ms: worst("glass_to_glass_p50_ms", Math.max),
      join_to_picture_ms: worst("join_to_picture_ms", Math.max),
      ...(await chat(people)),
      load: machineLoad,
      each: figures,
      ...about(),
    };
  } finally {
    await close(people);
    await relay.stop();
    sound.stop();
  }
}

function page() {
  const sizes = JSON.parse(readFileSync(join(ROOT, "web/dist/sizes.json"), "utf8"));
  return {
    before_join_js_gzip_kb: sizes.before_join_js,
    room_js_gzip_kb: sizes.room_js,
    room_css_gzip_kb: sizes.room_css,
    ...about(),
  };
}

write("page", page());
const figures = await lesson();
const students = figures.each.map((each, index) => [`student ${index + 1}, ${each.browser}`, each]);
write("lesson", figures, { ...Object.fromEntries(students), "processors while measuring": figures.load });
