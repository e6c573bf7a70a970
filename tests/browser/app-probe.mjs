/**
 * What the page itself tells about its pace: long tasks of its main thread, what its engine reports, and when Join was
 * pressed. Runs in the page before its own code, and reads no pixels.
 */

export function installProbe() {
  const seen = { tasks: [], reports: [], levels: {}, pressedAt: undefined };

  if (PerformanceObserver.supportedEntryTypes.includes("longtask")) {
    const tasks = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) seen.tasks.push({ at: performance.timeOrigin + startTime, ms: duration });
    });
    tasks.observe({ type: "longtask", buffered: true });
  }

  const PlainWorker = globalThis.Worker;
  globalThis.Worker = class extends PlainWorker {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => {
        if (data?.kind === "report") seen.reports.push({ at: Date.now(), ...data });
        if (data?.kind === "levels") seen.levels = data.levels;
      });
    }
  };

  addEventListener("click", ({ target }) => {
    if (target.closest?.('[data-testid="join-button"]')) seen.pressedAt ??= Date.now();
  }, { capture: true });
  globalThis.mosaikProbe = () => seen;
}

export const probe = (page) => page.evaluateOnNewDocument(installProbe);

/** What was seen so far; times are Unix ms. */
export const probed = ({ page }) => page.evaluate(() => globalThis.mosaikProbe());
