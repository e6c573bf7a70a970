/**
 * The measured app: how soon the join page can be used on a slow line, how soon after joining the teacher is seen, and
 * what 25 cameras on one page cost the person who looks at them.
 *
 * Writes target/bench/app.json and prints it as tables, each figure beside what must hold. `RUNS` and `SECONDS` make
 * it shorter for a look; `ONLY` names one part of it.
 */

import { loadavg } from "node:os";
import { joinPage, joinToPicture } from "./app-joining.mjs";
import { fullGallery } from "./app-gallery.mjs";
import { countViolations } from "./app-axe.mjs";
import { about, write } from "./figures.mjs";

/** What must hold, where a bound is named. A gap of one frame of speech, 20 ms, is bridged and not heard. */
const AT_MOST = { axe_violations: 0, join_page_interactive_ms_3mbit: 1_000, join_to_picture_ms: 1_000, main_thread_longest_task_ms: 100, tiles_25_audio_gap_max_ms: 20 };
const AT_LEAST = { tiles_25_fps_p50: 12 };

const PARTS = { axe: countViolations, page: joinPage, picture: joinToPicture, gallery: fullGallery };

const loads = {};
let figures = {};
const details = {};
for (const [name, part] of Object.entries(PARTS)) {
  if (process.env.ONLY && process.env.ONLY !== name) continue;
  const { detail, ...found } = await part();
  figures = { ...figures, ...found };
  details[name] = detail;
  // Of the last minute, which is about what a part takes.
  loads[name] = loadavg()[0];
}

const verdicts = Object.entries(figures).flatMap(([key, value]) => {
  if (typeof value !== "number" || !(key in AT_MOST || key in AT_LEAST)) return [];
  const isHeld = key in AT_MOST ? value <= AT_MOST[key] : value >= AT_LEAST[key];
  const bound = key in AT_MOST ? `at most ${AT_MOST[key]}` : `at least ${AT_LEAST[key]}`;
  return [{ key, bound, isHeld }];
});
write("app", { ...figures, held: Object.fromEntries(verdicts.map(({ key, isHeld }) => [key, isHeld])), load_average: loads, details, ...about() }, { "load average of the machine's last minute": loads });
console.log("  must hold");
for (const { key, bound, isHeld } of verdicts) console.log(`    ${isHeld ? "holds " : "MISSED"} ${key}: ${bound}`);
