/** How loud a track is, measured on this device alone: nothing of it goes anywhere. */

export interface SoundMeter {
  /** The newest samples; undefined while the browser keeps sound back. */
  read(): Float32Array | undefined;
  close(): void;
}

/** 85 ms at 48 kHz: what a look every tenth of a second misses is shorter than a syllable. */
const SAMPLES = 4_096;
/** Browsers keep sound back until the page was touched. */
const GESTURES = ["pointerdown", "keydown"] as const;

export function openMeter(track: MediaStreamTrack, fftSize = SAMPLES): SoundMeter {
  const audio = new AudioContext();
  const analyser = new AnalyserNode(audio, { fftSize, smoothingTimeConstant: 0 });
  audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const ended = new AbortController();
  const resume = () => {
    if (audio.state !== "running") {
      audio.resume().catch(() => undefined);
    }
  };
  for (const gesture of GESTURES) {
    document.addEventListener(gesture, resume, { signal: ended.signal, capture: true, passive: true });
  }
  resume();
  return {
    read: () => {
      if (audio.state !== "running") {
        return undefined;
      }
      analyser.getFloatTimeDomainData(samples);
      return samples;
    },
    close: () => {
      ended.abort();
      audio.close().catch(() => undefined);
    },
  };
}
