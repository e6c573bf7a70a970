/**
 * The instruments tell the truth: camera, bar code and listener against each other in one page,
 * without the server. A delay and a gap of known length must be found again.
 */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { openBrowser } from "./browsers.mjs";
import { CODE, installCamera } from "./camera.mjs";
import { listened, measure, watch } from "./lesson-page.mjs";
import { startSound } from "./sound.mjs";
import { eventually } from "./wait.mjs";

const DELAY_MS = 150;
const GAP_MS = 150;

/** Devices exist only on pages of a secure origin; the local machine is one. */
const PAGE = `<!doctype html><title>Loop</title>
  <div data-testid="tile" data-role="moderator"><canvas width="640" height="360"></canvas></div>`;

let sound;
let server;
before(async () => {
  sound = await startSound();
  server = createServer((_request, response) => response.setHeader("content-type", "text/html").end(PAGE));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
});
after(() => {
  sound.stop();
  server.close();
});

async function loop(kind, body) {
  const { browser, page } = await openBrowser(kind, { env: sound.env });
  try {
    await watch(page);
    await page.evaluateOnNewDocument(installCamera, CODE, true);
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await body(page);
  } finally {
    await browser.close();
  }
}

/** Shows the camera in the tile, each picture `delayMs` after it was taken from the stream. */
async function showCamera(page, delayMs) {
  await page.evaluate(async (delay) => {
    const video = document.createElement("video");
    video.muted = true;
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
    const drawing = document.querySelector("canvas").getContext("2d");
    const take = async () => {
      video.requestVideoFrameCallback(take);
      const picture = await createImageBitmap(video);
      setTimeout(() => drawing.drawImage(picture, 0, 0), delay);
    };
    video.requestVideoFrameCallback(take);
    await video.play();
  }, delayMs);
}

/** The tone of the microphone straight to the loudspeaker. */
async function playMicrophone(page) {
  await page.evaluate(async () => {
    const audio = new AudioContext();
    await audio.resume();
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    audio.createMediaStreamSource(microphone).connect(audio.destination);
  });
}

/** A tone that is away once for `gapMs`, exact to the sample. */
async function playToneWithGap(page, gapMs) {
  await page.evaluate(async (gap) => {
    const audio = new AudioContext();
    await audio.resume();
    const tone = audio.createOscillator();
    const level = audio.createGain();
    level.gain.value = 0.25;
    const begin = audio.currentTime + 2;
    level.gain.setValueAtTime(0, begin);
    level.gain.setValueAtTime(0.25, begin + gap / 1000);
    tone.connect(level).connect(audio.destination);
    tone.start();
    globalThis.isGapOver = () => audio.currentTime > begin + gap / 1000 + 0.5;
  }, gapMs);
}

for (const kind of ["chromium", "firefox"]) {
  test(`pictures and their delay are read in ${kind}`, async () => {
    await loop(kind, async (page) => {
      await measure({ page });
      await showCamera(page, DELAY_MS);
      await eventually("pictures", async () => (await listened({ page })).measuredPictures >= 30, 30_000);
      const { latencyP50Ms, unreadable, pictures } = await listened({ page });
      assert.ok(latencyP50Ms >= DELAY_MS, `${latencyP50Ms} ms cannot be less than the delay`);
      assert.ok(unreadable < pictures / 10, `${unreadable} pictures were not readable`);
    });
  });

  test(`the microphone's tone and beep are heard in ${kind}`, async () => {
    await loop(kind, async (page) => {
      await playMicrophone(page);
      await eventually("beeps", async () => (await listened({ page })).beeps >= 2, 30_000);
      assert.ok((await listened({ page })).isLoud);
    });
  });

  test(`a gap in the sound is measured in ${kind}`, async () => {
    await loop(kind, async (page) => {
      await playToneWithGap(page, GAP_MS);
      await eventually("the tone", async () => (await listened({ page })).isLoud);
      await measure({ page });
      await eventually("the gap to be over", () => page.evaluate(() => globalThis.isGapOver()), 30_000);
      const { audioGapMaxMs: gap } = await listened({ page });
      assert.ok(Math.abs(gap - GAP_MS) < 5, `${gap} ms instead of ${GAP_MS}`);
    });
  });
}
