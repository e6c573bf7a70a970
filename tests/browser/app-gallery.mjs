/** What a student's page does with 25 cameras on it while the teacher speaks, and while those people come in. */

import { probe, probed } from "./app-probe.mjs";
import { openClass } from "./class.mjs";
import { median } from "./figures.mjs";
import { close, enter, own, part, plain, press, pressTool } from "./lesson-page.mjs";
import { watchLoad } from "./load.mjs";
import { startRelay } from "./relay.mjs";
import { eventually } from "./wait.mjs";

const SECONDS = Number(process.env.SECONDS ?? 30);
/** Who comes in; the page that is looked at has room for 25 tiles: the student's own, the teacher's and 23 of these. */
const CLASS = 25;
const TILES = 25;
/** One after the other so long apart: a class that comes in within six seconds is quicker than any. */
const APART_MS = 250;
/** The teacher looks at few: what her page decodes would be taken from the one that is measured. */
const PHONE = { width: 390, height: 844 };
const LAPTOP = { width: 1440, height: 900 };
/** Reports, of which there is one a second, until what came in has settled and the teacher's voice counts. */
const SETTLING = 5;
/** Two cores, three browsers and a relay. */
const BUSY_MS = 90_000;

async function takeGallery(student) {
  await press(student, "layout-toggle");
  await press(student, "layout-gallery");
  await student.page.waitForSelector(`main[data-layout="gallery"]`);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0)));
const reports = async (student) => (await probed(student)).reports;
const withPictures = ({ page }) => page.$$eval(`${part("tile")}[data-picture="true"]`, (tiles) => tiles.length);

/**
 * Everyone comes in, one soon after the other; tasks of the student's page until all are seen, or as many as a device
 * shows that lets pictures rest.
 */
async function comeIn(student, crowd) {
  const from = Date.now();
  for (let number = 1; number <= CLASS; number += 1) {
    await crowd.enter(`Kind ${number}`);
    await pause(from + number * APART_MS - Date.now());
  }
  const inAt = Date.now();
  await eventually("25 tiles", async () => (await student.page.$$(part("tile"))).length === TILES, BUSY_MS);
  const settled = (await reports(student)).length + SETTLING;
  await eventually("their pictures", async () => (await withPictures(student)) === TILES || (await reports(student)).length > settled, BUSY_MS);
  const seenAt = Date.now();
  const tasks = (await probed(student)).tasks.filter(({ at }) => at >= from && at < seenAt);
  const pictures = await withPictures(student);
  return { joining_ms: inAt - from, seen_ms: seenAt - from, seen_pictures: pictures, tasks: tasks.map(({ ms }) => ms) };
}

/** Those on the page whose pictures come over the line, by their tiles. */
async function othersOn(student) {
  const ids = await student.page.$$eval(part("tile"), (tiles) => tiles.map(({ dataset }) => dataset.participant));
  const me = await own(student);
  return ids.filter((id) => id !== me);
}

/** Frames that were drawn each second, on average over the reports, of each of these people. */
function rates(counted, people) {
  const drawn = (id) => counted.map(({ pictures }) => pictures[id]?.framesPerSecond ?? 0);
  return people.map((id) => drawn(id).reduce((sum, frames) => sum + frames, 0) / counted.length);
}

async function watchFor(student, crowd, voice) {
  const before = (await reports(student)).length + SETTLING;
  await eventually("the first seconds to be over", async () => (await reports(student)).length > before, BUSY_MS);
  const from = Date.now();
  const sent = await crowd.sent();
  const load = watchLoad();
  await pause(SECONDS * 1_000);
  const busy = load();
  const encoded = (await crowd.sent()).framesEncoded - sent.framesEncoded;
  const seen = await probed(student);
  const counted = seen.reports.filter(({ at }) => at >= from);
  const voices = counted.map((report) => report.voices[voice]);
  return {
    fps: rates(counted, await othersOn(student)),
    resting: counted.map((report) => report.resting.length),
    gaps: voices.map((heard) => heard?.gapMaxMs ?? Infinity),
    tasks: seen.tasks.filter(({ at }) => at >= from).map(({ ms }) => ms),
    isLoud: (seen.levels[voice] ?? 0) > 0,
    encodedFps: encoded / SECONDS,
    load: busy,
  };
}

export async function fullGallery() {
  const relay = await startRelay();
  const people = [];
  try {
    const teacher = await enter("chromium", relay.teacherLink, "Frau Beispiel", { camera: true, microphone: true, viewport: PHONE, prepare: plain.prepare });
    people.push(teacher);
    const student = await enter("chromium", relay.studentLink, "Ayla", { viewport: LAPTOP, prepare: probe });
    people.push(student);
    await pressTool(student, "cam-toggle");
    await takeGallery(student);
    const crowd = await openClass(relay.studentLink);
    people.push(crowd);
    await eventually("the two to see each other", async () => (await withPictures(student)) === 2, BUSY_MS);
    const joining = await comeIn(student, crowd);
    const watched = await watchFor(student, crowd, await own(teacher));
    if (!watched.isLoud) throw new Error("the teacher is not heard");
    return figuresOf(joining, watched);
  } finally {
    await close(people);
    await relay.stop();
  }
}

function figuresOf({ tasks, ...joining }, { fps, resting, gaps, load, ...watched }) {
  // What rests is renewed now and then.
  const moving = fps.toSorted((a, b) => b - a).slice(0, fps.length - median(resting));
  return {
    tiles_25_fps_p50: median(fps),
    tiles_25_moving_fps_p50: median(moving),
    tiles_25_moving_fps_min: Math.min(...moving),
    tiles_25_resting: median(resting),
    tiles_25_audio_gap_max_ms: Math.max(...gaps),
    main_thread_longest_task_ms: Math.max(0, ...tasks),
    detail: {
      ...joining,
      tasks_while_joining_ms: tasks,
      tasks_afterwards_ms: watched.tasks,
      fps: fps.map((each) => Number(each.toFixed(2))),
      resting,
      gaps_ms: gaps,
      encoded_fps: watched.encodedFps,
      processors: load,
    },
  };
}
