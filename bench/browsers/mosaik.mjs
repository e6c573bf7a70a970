/** A lesson in our own page: the built server, a teacher and a student in Chromium. */

import { CODE } from "../../tests/browser/camera.mjs";
import { installEyes } from "../../tests/browser/eyes.mjs";
import { enter } from "../../tests/browser/lesson-page.mjs";
import { startRelay } from "../../tests/browser/relay.mjs";
import { CAMERA } from "./camera.mjs";
import { putRecorder, putTape } from "./recorder.mjs";

/** Opens everything; `join` lets the student come. */
export async function startMosaik(tape) {
  const relay = await startRelay();
  const prepare = (page) => putTape(page, tape);
  const teacher = await enter("chromium", relay.teacherLink, "Frau Beispiel", { camera: CAMERA, microphone: true, prepare });
  const lesson = {
    teacher,
    student: undefined,
    async join(lineTo) {
      const line = await lineTo(`127.0.0.1:${relay.port}`);
      const link = relay.studentLink.replace(`:${relay.port}`, `:${line}`);
      const watch = async (page) => {
        await page.evaluateOnNewDocument(installEyes, CODE);
        await putRecorder(page);
      };
      lesson.student = await enter("chromium", link, "Kind", { prepare: watch });
      return lesson.student.joinedAt;
    },
    counts: async () => (await lesson.student.page.evaluate(() => globalThis.mosaikEyes.result())).reports.at(-1),
    async close() {
      await Promise.all([teacher, lesson.student].map((person) => person?.browser.close()));
      await relay.stop();
    },
  };
  return lesson;
}
