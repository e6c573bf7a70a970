/** Keeps the sum of many voices below full scale without the crackle of clipping. */

/** Below this nothing changes; a single voice never gets here. */
const KNEE = 0.8;
const ROOM = 1 - KNEE;

/** Bends what is above the knee so that it never reaches 1. */
export function limit(samples: Float32Array): void {
  for (let i = 0; i < samples.length; i += 1) {
    const sample = samples[i] ?? 0;
    const size = Math.abs(sample);
    if (size > KNEE) samples[i] = Math.sign(sample) * (KNEE + ROOM * Math.tanh((size - KNEE) / ROOM));
  }
}
