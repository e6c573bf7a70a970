/**
 * What a student sees and hears, read from the page itself: pictures from the teacher's tile,
 * sound from what goes to the loudspeaker. Runs in the page before its own code.
 */

export function installListener(code) {
  const seen = { counters: new Set(), latencies: [], firstAt: undefined, unreadable: 0 };
  const heard = { gapMaxMs: 0, beeps: 0, windows: 0, loudWindows: 0 };
  const reports = [];
  let isMeasuring = false;

  // The engine's own reports.
  const PlainWorker = globalThis.Worker;
  globalThis.Worker = class extends PlainWorker {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", (event) => {
        if (event.data?.kind === "report") reports.push({ at: Date.now(), ...event.data });
      });
    }
  };

  // Sound: whatever is connected to the loudspeaker is also looked at.
  const analysers = [];
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) {
      const analyser = this.context.createAnalyser();
      analyser.fftSize = 32_768;
      connect.call(this, analyser);
      analysers.push(analyser);
    }
    return connect.call(this, target, ...rest);
  };

  function listen(analyser) {
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    const rate = analyser.context.sampleRate;
    let longest = 0;
    let run = 0;
    let energy = 0;
    let real = 0;
    let imaginary = 0;
    samples.forEach((sample, index) => {
      run = Math.abs(sample) < 0.004 ? run + 1 : 0;
      longest = Math.max(longest, run);
      energy += sample * sample;
      real += sample * Math.cos((2 * Math.PI * 1000 * index) / rate);
      imaginary += sample * Math.sin((2 * Math.PI * 1000 * index) / rate);
    });
    const level = Math.sqrt(energy / samples.length);
    heard.windows += 1;
    if (level > 0.02) heard.loudWindows += 1;
    if (Math.hypot(real, imaginary) / samples.length > 0.004) heard.beeps += 1;
    if (isMeasuring) heard.gapMaxMs = Math.max(heard.gapMaxMs, (longest / rate) * 1000);
  }
  // Windows of 680 ms or more each 250 ms: nothing falls between two of them.
  setInterval(() => analysers.forEach(listen), 250);

  // Pictures.
  const width = code.block * code.columns;
  const height = code.block * 2;
  const scratch = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  const valueOf = (bits) => bits.reduce((value, bit) => value * 2 + bit, 0);

  function read() {
    requestAnimationFrame(read);
    const canvas = document.querySelector('[data-testid="tile"][data-role="moderator"] canvas');
    if (!canvas || canvas.width < 64) return;
    const scale = canvas.width / 640;
    try {
      scratch.drawImage(canvas, 0, 0, width * scale, height * scale, 0, 0, width, height);
    } catch {
      return;
    }
    const { data } = scratch.getImageData(0, 0, width, height);
    const bits = Array.from({ length: code.columns * 2 }, (_, index) => {
      const x = (index % code.columns) * code.block + code.block / 2;
      const y = Math.floor(index / code.columns) * code.block + code.block / 2;
      return data[(y * width + x) * 4 + 1] > 128 ? 1 : 0;
    });
    const take = (count) => valueOf(bits.splice(0, count));
    if (take(code.markerBits) !== code.marker) return;
    const count = take(code.counterBits);
    const time = take(code.timeBits);
    const sum = take(code.sumBits);
    const expected = (count + Math.floor(count / 256) + time + Math.floor(time / 256) + Math.floor(time / 65_536)) % 256;
    if (sum !== expected) {
      seen.unreadable += 1;
      return;
    }
    seen.firstAt ??= Date.now();
    if (seen.counters.has(count)) return;
    seen.counters.add(count);
    const span = 2 ** code.timeBits;
    if (isMeasuring) seen.latencies.push((Date.now() - time + span) % span);
  }
  requestAnimationFrame(read);

  globalThis.mosaikListener = {
    measure(on) {
      isMeasuring = on;
    },
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
        audioGapMaxMs: heard.gapMaxMs,
        beeps: heard.beeps,
        loudShare: heard.windows ? heard.loudWindows / heard.windows : 0,
        reports,
      };
    },
  };
}
