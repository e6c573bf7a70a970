/**
 * Who teaches in which browser and language. In the gate a lesson is held once, about half of them by a teacher in
 * Chromium and in German, the others by one in Firefox and in English; with `OTHER_PAIR=1` the other way round, with
 * `EVERY_PAIR=1` in all arrangements.
 */

import { createRequire } from "node:module";
import { join } from "node:path";
import { ROOT } from "./relay.mjs";

const { buildSync } = createRequire(join(ROOT, "web/package.json"))("esbuild");

/** Whether everything is held in every arrangement. */
export const IS_EVERY = Boolean(process.env.EVERY_PAIR);
const IS_OTHER = Boolean(process.env.OTHER_PAIR);
const KINDS = ["chromium", "firefox"];
const LANGUAGES = { de: "German", en: "English" };
/** What who teaches in it speaks in the gate. */
const SPEAKS = { chromium: "de", firefox: "en" };

const contents = 'export { de } from "./de.ts"; export { en } from "./en.ts";';
const { outputFiles } = buildSync({ stdin: { contents, resolveDir: join(ROOT, "web/src/i18n"), loader: "ts" }, bundle: true, write: false, format: "esm", logLevel: "warning" });
const texts = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);

/** All that the page says in a language, as its catalogue has it. */
export const wordsOf = (language) => texts[language];

/** The browsers for something that needs one of them: in the gate this one. */
export const kindsFor = (inGate) => KINDS.filter((kind) => IS_EVERY || (kind === inGate) !== IS_OTHER);

function pairOf(teacher, language) {
  const student = KINDS.find((kind) => kind !== teacher);
  return {
    teacher,
    student,
    language,
    /** For the end of a test's name. */
    name: `${teacher} teaches ${student} in ${LANGUAGES[language]}`,
    /** Browsers for a teacher and so many students; from the second one on in Chromium, which starts sooner. */
    kinds: (students = 1) => [teacher, student, ...Array.from({ length: students - 1 }, () => "chromium")],
  };
}

/** The pairs that hold a lesson: in the gate the one whose teacher has this browser. */
export const pairs = (inGate) =>
  kindsFor(inGate).flatMap((teacher) => (IS_EVERY ? Object.keys(LANGUAGES) : [SPEAKS[teacher]]).map((language) => pairOf(teacher, language)));
