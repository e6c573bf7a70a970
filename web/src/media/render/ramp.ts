/** How loud a voice is while it comes and goes: nobody appears or vanishes with a jump. */

/** As long as a breath: of who comes no word is lost, and nobody hears a cut. */
export const RAMP_MS = 200;
/** Who can be heard for so long and was silent is not in the middle of a word: the first syllable is whole. */
export const SILENT_MS = 1_000;

export interface Ramp {
  /** Somebody can be heard from now on. */
  wait(): void;
  /** So many samples were silent. */
  pass(samples: number): void;
  /** The first sound comes: from silence to full strength, or at once after a silence. */
  rise(): void;
  /** From what it is to silence. */
  fall(): void;
  isSilent(): boolean;
  /** Whether nothing changes the voice. */
  isFull(): boolean;
  /** Adds `voice` to `output`, as loud as it is by now. */
  mix(voice: Float32Array, output: Float32Array): void;
}

/** `rate` in samples a second. */
export function createRamp(rate: number): Ramp {
  const step = 1_000 / (RAMP_MS * rate);
  const silence = (SILENT_MS * rate) / 1_000;
  let gain = 0;
  let change = 0;
  let passed = 0;
  return {
    wait() {
      passed = 0;
    },
    pass(samples) {
      passed += samples;
    },
    rise() {
      gain = passed < silence ? 0 : 1;
      change = step;
    },
    fall() {
      change = -step;
    },
    isSilent: () => gain <= 0 && change < 0,
    isFull: () => gain >= 1 && change >= 0,
    mix(voice, output) {
      for (let i = 0; i < output.length; i += 1) {
        gain = Math.min(Math.max(gain + change, 0), 1);
        output[i] = (output[i] ?? 0) + (voice[i] ?? 0) * gain;
      }
    },
  };
}
