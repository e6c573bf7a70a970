/**
 * What a person sees, read from the teacher's tile (a canvas, or a video), and what the page's engine reports. Runs in the
 * page before its own code.
 */

export function installEyes(code) {
  const seen = { counters: new Set(), latencies: [], pictures: [], firstAt: undefined, unreadable: 0 };
  const reports = [];
  let levels = {};

  const PlainWorker = globalThis.Worker;
  globalThis.Worker = class extends PlainWorker {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", (event) => {
        if (event.data?.kind === "report") reports.push({ at: Date.now(), ...event.data });
        if (event.data?.kind === "levels") levels = event.data.levels;
      });
    }
  };

  const width = code.block * code.columns;
  const height = code.block * 2;
  const scratch = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  const valueOf = (bits) => bits.reduce((value, bit) => value * 2 + bit, 0);

  /** The picture's counter and time; undefined without a marker, false when bits are damaged. */
  function decode() {
    const { data } = scratch.getImageData(0, 0, width, height);
    const bits = Array.from({ length: code.columns * 2 }, (_, index) => {
      const x = (index % code.columns) * code.block + code.block / 2;
      const y = Math.floor(index / code.columns) * code.block + code.block / 2;
      return data[(y * width + x) * 4 + 1] > 128 ? 1 : 0;
    });
    const take = (count) => valueOf(bits.splice(0, count));
    if (take(code.markerBits) !== code.marker) return undefined;
    const count = take(code.counterBits);
    const time = take(code.timeBits);
    const sum = (count + Math.floor(count / 256) + time + Math.floor(time / 256) + Math.floor(time / 65_536)) % 256;
    return take(code.sumBits) === sum && { count, time };
  }

  // In Firefox each look makes page and worker wait for each other, and now and then for good: a
  // tenth of a second between two looks is often enough to see and seldom enough to live.
  const every = navigator.userAgent.includes("Firefox") ? 6 : 1;
  let refreshes = 0;

  function look() {
    requestAnimationFrame(look);
    refreshes += 1;
    if (refreshes % every !== 0) return;
    const tile = document.querySelector('[data-testid="tile"][data-role="moderator"]');
    const image = tile?.querySelector("canvas, video");
    const lines = image?.videoHeight ?? image?.height;
    if (!image || lines < 36) return;
    const scale = lines / 360;
    try {
      scratch.drawImage(image, 0, 0, width * scale, height * scale, 0, 0, width, height);
    } catch {
      // The worker that draws did not answer in time: the next refresh shows the same or a newer one.
      return;
    }
    const now = Date.now();
    const picture = decode();
    if (picture === false) seen.unreadable += 1;
    if (!picture) return;
    seen.firstAt ??= now;
    if (seen.counters.has(picture.count)) return;
    seen.counters.add(picture.count);
    const span = 2 ** code.timeBits;
    const latency = (now - picture.time + span) % span;
    seen.latencies.push(latency);
    // A smaller rendition is enlarged to the canvas that a larger one needed.
    seen.pictures.push([now, now - latency, tile.dataset.rendition ?? `${lines}`]);
  }
  requestAnimationFrame(look);

  globalThis.mosaikEyes = {
    /** What was before does not count. */
    measure() {
      seen.latencies = [];
    },
    /** How loud everyone is who is heard now, by participant. */
    levels: () => levels,
    /** Of each picture when it was seen first and when it was drawn, in Unix ms, and its rendition or lines. */
    pictures: () => seen.pictures,
    result() {
      const sorted = seen.latencies.toSorted((a, b) => a - b);
      const at = (share) => sorted[Math.floor((sorted.length - 1) * share)];
      return {
        pictures: seen.counters.size,
        measuredPictures: sorted.length,
        unreadable: seen.unreadable,
        firstAt: seen.firstAt,
        latencyP50Ms: at(0.5),
        latencyP95Ms: at(0.95),
        reports,
      };
    },
  };
}
