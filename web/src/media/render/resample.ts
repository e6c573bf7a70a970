/** Reads sound between its samples: cubic (Hermite) interpolation, transparent for speech. */

/** The value `t` (0 to 1) behind sample `i`; samples around it are read with `mask` applied. */
export function between(samples: Float32Array, mask: number, i: number, t: number): number {
  const a = samples[(i - 1) & mask] ?? 0;
  const b = samples[i & mask] ?? 0;
  const c = samples[(i + 1) & mask] ?? 0;
  const d = samples[(i + 2) & mask] ?? 0;
  const slope = (c - a) / 2;
  const bend = a - 2.5 * b + 2 * c - d / 2;
  const twist = (d - a) / 2 + 1.5 * (b - c);
  return ((twist * t + bend) * t + slope) * t + b;
}

/** Samples that interpolation looks at beside the two it is between. */
const MARGIN = 3;
/** A mask for samples that are no ring. */
const ALL = 0x7fff_ffff;

/** Turns one stream of blocks into another rate. Allocates only here, never in `push`. */
export interface Resampler {
  /** Gives each new sample to `put`; `input` holds at most `blockMax` samples. */
  push(input: Float32Array, put: (sample: number) => void): void;
}

export function createResampler(fromRate: number, toRate: number, blockMax: number): Resampler {
  const step = fromRate / toRate;
  const window = new Float32Array(blockMax + MARGIN);
  let position = 1;
  return {
    push(input, put) {
      const count = Math.min(input.length, blockMax);
      window.set(count === input.length ? input : input.subarray(0, count), MARGIN);
      while (position < count + 1) {
        const i = Math.floor(position);
        put(between(window, ALL, i, position - i));
        position += step;
      }
      position -= count;
      window.copyWithin(0, count, count + MARGIN);
    },
  };
}
