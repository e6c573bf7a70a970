/** How loud sound is, measured where it is captured and shown where it is heard. */

import type { AudioLevel } from "./loc.ts";

/** A voice at arm's length is at 20 to 35 -dBov; a fan behind noise suppression is below 55. */
export const VOICE_DBOV = 45;
/** Blocks of 20 ms that a voice goes on in the pauses between syllables. */
const HANGOVER_BLOCKS = 10;
/** What is as quiet as this is drawn as nothing. */
const SILENCE_DBOV = 60;

export const QUIET: AudioLevel = { dbov: 127, isVoice: false };

/** RFC 6464 level of samples: 0 (full scale) to 127 (digital silence). */
export function measureDbov(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(samples.length, 1));
  const dbov = rms > 0 ? Math.round(-20 * Math.log10(rms)) : 127;
  return Math.min(Math.max(dbov, 0), 127);
}

/** Measures successive blocks of one voice. */
export function levelMeter(): (samples: Float32Array) => AudioLevel {
  let hangover = 0;
  return (samples) => {
    const dbov = measureDbov(samples);
    hangover = dbov <= VOICE_DBOV ? HANGOVER_BLOCKS : Math.max(hangover - 1, 0);
    return { dbov, isVoice: hangover > 0 };
  };
}

/** 0 (silent, or noise) to 1 (as loud as can be), even in what the ear takes for even steps. */
export function loudness({ dbov, isVoice }: AudioLevel): number {
  return isVoice ? Math.max((SILENCE_DBOV - dbov) / SILENCE_DBOV, 0) : 0;
}
