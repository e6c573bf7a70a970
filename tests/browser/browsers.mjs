/** Chromium and Firefox as they are installed, each participant in a process of its own. */

import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { endWithUs } from "./children.mjs";
import { ROOT } from "./relay.mjs";

const puppeteer = createRequire(join(ROOT, "web/package.json"))("puppeteer-core");

const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  "--disable-background-timer-throttling",
  "--disable-renderer-backgrounding",
  "--disable-backgrounding-occluded-windows",
];

const FIREFOX_PREFERENCES = {
  "media.navigator.streams.fake": true,
  "media.navigator.permission.disabled": true,
  "media.autoplay.default": 0,
  // To read a canvas that a worker draws, the page waits for the worker: by default up to 10 s when
  // the worker waits for the page at that moment.
  "gfx.offscreencanvas.snapshot-timeout-ms": 30,
};

/** The window of a page for which nothing else is asked, in px. */
export const DESKTOP = { width: 1280, height: 800 };

function which(program) {
  return execFileSync("which", [program], { encoding: "utf8" }).trim();
}

/** What a report says of the browsers it was made with. */
export function versions() {
  const of = (program) => execFileSync(program, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  return { chromium: of("chromium"), firefox: of("firefox-esr"), node: process.version };
}

/** A browser that ends with this process: puppeteer ends only every other one of several. */
async function launch(options) {
  const browser = await puppeteer.launch(options);
  endWithUs(browser.process());
  return browser;
}

/** Above what any test waits for in a page. */
const WAIT_MS_MAX = 150_000;

/**
 * A browser with one page. `kind` is "chromium" or "firefox"; `env` names the sound server;
 * `permissions: false` makes Chromium refuse camera and microphone as a person can; `flags` are more of
 * Chromium's own; `isStill` is a device that asks for less motion.
 */
export async function openBrowser(kind, { env = {}, language = "de", permissions = true, isStill = false, flags: more = [] } = {}) {
  const common = { headless: true, protocolTimeout: WAIT_MS_MAX, env: { ...process.env, ...env, LANGUAGE: language }, defaultViewport: DESKTOP };
  if (kind === "firefox") {
    const extraPrefsFirefox = { ...FIREFOX_PREFERENCES, "intl.accept_languages": language, "ui.prefersReducedMotion": isStill ? 1 : 0 };
    const browser = await launch({ ...common, browser: "firefox", executablePath: which("firefox-esr"), extraPrefsFirefox });
    return { browser, page: await browser.newPage() };
  }
  // Without a sound server Chromium plays to a clock of its own, which keeps time on a busy machine.
  const { PULSE_SERVER: _server, PULSE_LATENCY_MSEC: _latency, ...quiet } = common.env;
  const refused = permissions ? [] : ["--deny-permission-prompts"];
  const flags = CHROMIUM_FLAGS.filter((flag) => permissions || !flag.startsWith("--use-fake-ui"));
  const browser = await launch({
    ...common,
    env: quiet,
    executablePath: which("chromium"),
    args: [...flags, ...more, ...refused, ...(isStill ? ["--force-prefers-reduced-motion"] : []), `--lang=${language}`, `--accept-lang=${language}`],
  });
  return { browser, page: await browser.newPage() };
}
