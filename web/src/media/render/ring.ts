/**
 * Samples of one voice in a ring, addressed by a rising index. Nothing allocates after creation.
 *
 * Where sound is missing, what was last there is mirrored and fades out, and what follows is
 * blended in: a breath instead of a click.
 */

import { between } from "./resample.ts";

/** 2.7 s at 48 kHz, a power of two. */
const LENGTH = 131_072;
const MASK = LENGTH - 1;
/** Samples that can be read back from the end. */
export const REACH = LENGTH - 8_192;
/** 20 ms: longer mirrored speech sounds like an echo. */
export const FADE = 960;
/** 2 ms: enough against a click. */
export const BLEND = 96;

export interface Ring {
  /** Index behind the last sample. */
  end(): number;
  /** Index behind the faded tail; not above `end` when there is none. */
  tailEnd(): number;
  /** Lets what was last there fade out behind the end. */
  fadeTail(): void;
  /** Fills what is missing up to `start`, which becomes the end. */
  bridge(start: number): void;
  /** Appends samples from `from` on. Of a faded tail, what is before `heardUpTo` was heard already. */
  append(samples: Float32Array, from: number, heardUpTo: number): void;
  /** The sound between two samples. */
  at(position: number): number;
  /** Makes what is at `to` begin with what is at `from`: for a reader that jumps. */
  join(from: number, to: number): void;
  clear(): void;
}

export function createRing(): Ring {
  const samples = new Float32Array(LENGTH);
  let end = 0;
  let tailEnd = 0;

  const fadeTail = (): void => {
    for (let i = 0; i < FADE; i += 1) {
      samples[(end + i) & MASK] = (samples[(end - 1 - i) & MASK] ?? 0) * (1 - i / FADE);
    }
    tailEnd = end + FADE;
  };
  const blend = (at: number, added: number, weight: number): void => {
    const before = samples[at & MASK] ?? 0;
    samples[at & MASK] = before + weight * (added - before);
  };
  return {
    end: () => end,
    tailEnd: () => tailEnd,
    fadeTail,
    bridge(start) {
      if (tailEnd <= end) fadeTail();
      for (let i = tailEnd; i < start + BLEND; i += 1) samples[i & MASK] = 0;
      tailEnd = start + BLEND;
      end = start;
    },
    append(added, from, heardUpTo) {
      const begin = tailEnd > end ? Math.max(end, heardUpTo) : end;
      const isBlended = tailEnd > end;
      for (let i = Math.max(from, from + begin - end); i < added.length; i += 1) {
        const at = end + i - from;
        // Behind the tail is nothing of this voice.
        if (at >= tailEnd) samples[at & MASK] = 0;
        blend(at, added[i] ?? 0, isBlended ? Math.min((at - begin) / BLEND, 1) : 1);
      }
      end += added.length - from;
      tailEnd = 0;
    },
    at(position) {
      const i = Math.floor(position);
      return between(samples, MASK, i, position - i);
    },
    join(from, to) {
      for (let i = 0; i < BLEND && to + i < end; i += 1) {
        const old = samples[(from + i) & MASK] ?? 0;
        blend(to + i, old, 1 - i / BLEND);
      }
    },
    clear() {
      samples.fill(0);
      end = 0;
      tailEnd = 0;
    },
  };
}
