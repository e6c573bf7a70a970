/** A screen that is shared, as its page and those of the others have it. */

import { listened, own, part, pressTool } from "./lesson-page.mjs";
import { eventually } from "./wait.mjs";

/**
 * Keeps what the browser gives when a screen is chosen, to end it as the browser's own bar does. Runs in the page
 * before its own code. `what` is "browser", what Chromium has for tests, or, as Firefox has no screens without a
 * display, a page of text that is drawn here: "still", or with something on it that is "moving".
 */
export function installScreen(what) {
  // The empty page before ours has no devices.
  if (!navigator.mediaDevices) return;
  globalThis.mosaikShared = [];
  const browsers = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
  function written() {
    const canvas = document.createElement("canvas");
    canvas.width = 1_920;
    canvas.height = 1_080;
    const context = canvas.getContext("2d", { alpha: false });
    // Nothing is captured before the canvas is drawn on.
    const stream = canvas.captureStream();
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, 1_920, 1_080);
    context.fillStyle = "#102030";
    context.font = "28px sans-serif";
    for (let line = 0; line < 30; line += 1) context.fillText(`${line} Der Wasserkreislauf: Verdunstung, Wolken, Regen, Fluss.`, 40, 40 + line * 34);
    let step = 0;
    if (what === "moving") {
      setInterval(() => {
        step += 1;
        context.fillStyle = `hsl(${(step * 20) % 360}, 80%, 50%)`;
        context.fillRect(1_500, 100, 200, 200);
      }, 100);
    }
    // Of an event that no browser made Firefox tells a track's listeners nothing, but this one.
    const [track] = stream.getVideoTracks();
    track.addEventListener = (kind, listener) => (track[`on${kind}`] = listener);
    return stream;
  }
  navigator.mediaDevices.getDisplayMedia = async (options) => {
    const stream = what === "browser" ? await browsers(options) : written();
    globalThis.mosaikShared.push(stream.getVideoTracks()[0]);
    return stream;
  };
}

export const share = (person) => pressTool(person, "screen-toggle");

/** What of a screen is told by the tile of it; undefined while there is none. */
export const screenTile = ({ page }) =>
  page.evaluate(() => {
    const tile = document.querySelector('[data-testid="screen-tile"]');
    return tile === null ? undefined : { ...tile.dataset, label: tile.ariaLabel, isOnStage: tile.closest(".stage-content") !== null, age: tile.querySelector('[data-testid="picture-age"]')?.textContent };
  });

/** Two browsers that encode on two cores. */
export const BUSY_MS = 40_000;

export const seesScreen = (person) => eventually(`${person.name} to see a screen`, async () => (await screenTile(person))?.picture === "true", BUSY_MS);
export const seesNone = (person) => eventually(`${person.name} to see no screen`, async () => (await screenTile(person)) === undefined, BUSY_MS);

/** Presses a part, and gives the ms until no screen is there any more, as the page itself has them. */
export const msToNone = ({ page }, name) =>
  page.evaluate(async (selector) => {
    const isGone = () => document.querySelector('[data-testid="screen-tile"]') === null;
    const begun = performance.now();
    document.querySelector(selector).click();
    await new Promise((resolve) => {
      const observer = new MutationObserver(() => isGone() && (observer.disconnect(), resolve()));
      observer.observe(document.body, { childList: true, subtree: true });
      if (isGone()) resolve();
    });
    return performance.now() - begun;
  }, part(name));

/** What the engine last told of the pictures of somebody: of their camera and their screen. */
export async function reported(viewer, sharer) {
  const id = await own(sharer);
  const pictures = (await listened(viewer)).reports.at(-1)?.pictures ?? {};
  return { cam: pictures[id], screen: pictures[`${id}/screen`] };
}

/** How many of the screen's pixels are not black, 0 to 1, and the size of its picture. */
export const light = ({ page }) =>
  page.evaluate(() => {
    const canvas = document.querySelector('[data-testid="screen-tile"] canvas');
    const look = new OffscreenCanvas(64, 36).getContext("2d", { willReadFrequently: true });
    // Where the worker that draws does not answer in time this is black: who asks, asks again.
    look.drawImage(canvas, 0, 0, 64, 36);
    const { data } = look.getImageData(0, 0, 64, 36);
    let lit = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at] + data[at + 1] + data[at + 2] > 60) lit += 1;
    return { lit: lit / (data.length / 4), width: canvas.width, height: canvas.height, fit: getComputedStyle(canvas).objectFit, transform: getComputedStyle(canvas).transform };
  });

/** Ends the sharing as the browser's bar does. */
export const endByBrowser = ({ page }) =>
  page.evaluate(() => {
    const track = globalThis.mosaikShared.at(-1);
    track.stop();
    track.dispatchEvent(new Event("ended"));
  });

/** Whether what was chosen last is still captured. */
export const isCaptured = ({ page }) => page.evaluate(() => globalThis.mosaikShared.at(-1)?.readyState === "live");

export const isPressed = ({ page }) => page.$eval(part("screen-toggle"), ({ ariaPressed }) => ariaPressed === "true");
