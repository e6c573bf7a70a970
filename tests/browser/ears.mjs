/**
 * What a person hears, read from what goes to the loudspeaker. Runs in the page before its own code.
 *
 * The steady tone of the teacher's microphone makes every gap a run of silent samples. A
 * beep is told from the tone by its own frequency.
 */

export function installEars() {
  const LOOK_EVERY_MS = 200;
  /** 0.7 s: what may pass between two looks before samples go unheard. */
  const WINDOW = 32_768;
  /** The tone is 0.25 strong. */
  const SILENT = 0.004;
  const LOUD = 0.02;
  const BEEP_HZ = 1000;
  /** Strength of the beep in a block, of 0.25. */
  const BEEP_FROM = 0.05;
  const BLOCK = 1024;
  /** 85 ms: pitches that are 50 Hz apart are told apart. */
  const PITCH_BLOCK = 4096;

  const heard = { gapMaxMs: 0, stepMax: 0, beeps: 0, beepMs: 0, isLoud: false, unheardMs: 0, soundMs: 0 };
  const taps = [];
  let measuringSince = performance.now();

  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) {
      const analyser = this.context.createAnalyser();
      analyser.fftSize = WINDOW;
      connect.call(this, analyser);
      taps.push({ analyser, upTo: this.context.currentTime, measured: 0, silent: 0, isBeeping: false });
    }
    return connect.call(this, target, ...rest);
  };

  /** Goertzel's filter: how strong a frequency is in a block, as an amplitude. */
  function strengthOf(samples, hz, rate) {
    const turn = 2 * Math.cos((2 * Math.PI * hz) / rate);
    let [one, two] = [0, 0];
    for (const sample of samples) [one, two] = [sample + turn * one - two, one];
    return (2 * Math.sqrt(Math.max(one * one + two * two - turn * one * two, 0))) / samples.length;
  }

  function hearBeeps(tap, samples, rate) {
    for (let from = 0; from + BLOCK <= samples.length; from += BLOCK) {
      const isBeeping = strengthOf(samples.subarray(from, from + BLOCK), BEEP_HZ, rate) > BEEP_FROM;
      if (isBeeping && !tap.isBeeping) heard.beeps += 1;
      if (isBeeping) heard.beepMs += (BLOCK * 1000) / rate;
      tap.isBeeping = isBeeping;
    }
  }

  /** Gaps that a window holds are exact to the sample, longer ones are added up from look to look. */
  function hearGaps(tap, window, count, rate) {
    let run = 0;
    let before;
    for (const sample of window.subarray(WINDOW - Math.min(tap.measured, WINDOW))) {
      heard.stepMax = Math.max(heard.stepMax, Math.abs(sample - (before ?? sample)));
      before = sample;
      const strength = Math.abs(sample);
      run = strength < SILENT ? run + 1 : 0;
      if (strength > LOUD) heard.isLoud = true;
      heard.gapMaxMs = Math.max(heard.gapMaxMs, (run * 1000) / rate);
    }
    tap.silent = run >= count ? tap.silent + count : run;
    heard.gapMaxMs = Math.max(heard.gapMaxMs, (Math.min(tap.silent, tap.measured) * 1000) / rate);
  }

  function listen(tap) {
    const window = new Float32Array(WINDOW);
    const now = tap.analyser.context.currentTime;
    tap.analyser.getFloatTimeDomainData(window);
    const rate = tap.analyser.context.sampleRate;
    const since = Math.round((now - tap.upTo) * rate);
    tap.upTo = now;
    tap.measured += since;
    const count = Math.min(since, WINDOW);
    heard.unheardMs += ((since - count) * 1000) / rate;
    heard.soundMs += (count * 1000) / rate;
    if (count === 0) return;
    hearGaps(tap, window, count, rate);
    hearBeeps(tap, window.subarray(WINDOW - count), rate);
  }
  const look = () => taps.forEach(listen);
  setInterval(look, LOOK_EVERY_MS);

  globalThis.mosaikEars = {
    /** What was before does not count. */
    measure() {
      look();
      for (const tap of taps) Object.assign(tap, { measured: 0, silent: 0 });
      Object.assign(heard, { gapMaxMs: 0, stepMax: 0, beeps: 0, beepMs: 0, unheardMs: 0, soundMs: 0 });
      measuringSince = performance.now();
    },
    /** How strong each of these pitches is now, in Hz, as an amplitude. */
    strengths(pitches) {
      return pitches.map((hz) => {
        const strongest = taps.map(({ analyser }) => {
          const block = new Float32Array(WINDOW);
          analyser.getFloatTimeDomainData(block);
          return strengthOf(block.subarray(WINDOW - PITCH_BLOCK), hz, analyser.context.sampleRate);
        });
        return Math.max(0, ...strongest);
      });
    },
    result() {
      look();
      return {
        beeps: heard.beeps,
        /** How long they were together. */
        beepMs: heard.beepMs,
        isLoud: heard.isLoud,
        audioGapMaxMs: heard.gapMaxMs,
        /** The greatest difference of two samples that follow each other: a click is one. */
        audioStepMax: heard.stepMax,
        audioUnheardMs: heard.unheardMs,
        /** Below 1 the loudspeaker itself stood still, which no sample tells. */
        audioRenderedShare: (heard.soundMs + heard.unheardMs) / (performance.now() - measuringSince),
      };
    },
  };
}
