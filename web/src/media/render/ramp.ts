/** How loud a voice is while it comes and goes: nobody appears or vanishes with a jump. */

/** As long as a breath: of who comes no word is lost, and nobody hears a cut. */
export const RAMP_MS = 200;

export interface Ramp {
  /** From silence to full strength. */
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
  let gain = 0;
  let change = 0;
  return {
    rise() {
      gain = 0;
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
