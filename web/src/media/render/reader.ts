/**
 * The playhead of one voice: reads its ring at any speed. When nothing comes it stops behind the
 * faded tail and waits for sound again. All lengths are in samples of the ring.
 */

import { createGaps, type Gaps } from "./gaps.ts";
import { BLEND, FADE, REACH, type Ring } from "./ring.ts";

export interface Reader {
  /** Adds the voice to `output`, whose samples are `step` of the ring's apart. */
  mixInto(output: Float32Array, step: number): void;
  /** The ring has grown. */
  more(): void;
  /** `target` is what must be there before the voice begins. */
  steer(rate: number, target: number): void;
  jump(position: number): void;
  /** NaN while nothing plays. */
  position(): number;
  depth(): number;
  /** What is before this was heard, or is being interpolated. */
  heardUpTo(): number;
  readonly gaps: Gaps;
  /** The ring begins anew at 0. */
  rewind(): void;
  /** Another voice begins. */
  clear(): void;
}

/** 60 ms at 48 kHz before the first steering. */
const FIRST_PACE = { rate: 1, target: 2_880 };
/** After running dry a voice goes on with 40 ms at most, however large the target. */
const RESUME = 1_920;
/** Samples that interpolation looks ahead. */
const AHEAD = 2;

/**
 * Where a jump to `index` lands: what is there is kept, and what fades out when nothing follows, which is
 * the mirrored end, was joined as a whole.
 */
const landing = (ring: Ring, index: number): number =>
  Math.floor(Math.min(Math.max(index, ring.end() - REACH, 0), Math.max(ring.end() - FADE, 0)));

export function createReader(ring: Ring): Reader {
  const gaps = createGaps();
  let position = 0;
  let isPlaying = false;
  let hasPlayed = false;
  let pace = FIRST_PACE;
  let gain = 0;

  const rewind = (): void => {
    position = 0;
    isPlaying = false;
  };
  const moveTo = (index: number): void => {
    const to = landing(ring, index);
    ring.join(Math.floor(position), to);
    position = to;
  };
  /** False when the sound and its faded tail are over. */
  const hasSound = (step: number): boolean => {
    if (position + AHEAD < ring.end()) {
      gaps.close();
      return true;
    }
    if (ring.tailEnd() <= ring.end()) {
      ring.fadeTail();
      gaps.dry();
    }
    gaps.extend(step);
    return position + AHEAD < ring.tailEnd();
  };
  return {
    mixInto(output, step) {
      for (let i = 0; i < output.length; i += 1) {
        isPlaying &&= hasSound(step);
        if (!isPlaying) {
          if (hasPlayed) gaps.extend((output.length - i) * step);
          return;
        }
        output[i] = (output[i] ?? 0) + ring.at(position) * gain;
        gain = Math.min(gain + 1 / BLEND, 1);
        position += step * pace.rate;
      }
    },
    more() {
      const depth = ring.end() - position;
      const { target } = pace;
      if (depth > REACH) moveTo(ring.end() - target);
      if (isPlaying || depth < (hasPlayed ? Math.min(target, RESUME) : target)) return;
      if (!hasPlayed) position = Math.max(ring.end() - target, 0);
      isPlaying = true;
      hasPlayed = true;
      gain = 0;
    },
    steer(rate, target) {
      pace = { rate, target };
    },
    jump(to) {
      if (isPlaying) moveTo(to);
    },
    position: () => (isPlaying ? position : Number.NaN),
    depth: () => Math.max(ring.end() - position, 0),
    heardUpTo: () => Math.ceil(position) + AHEAD + 1,
    gaps,
    rewind,
    clear() {
      rewind();
      gaps.clear();
      hasPlayed = false;
      pace = FIRST_PACE;
    },
  };
}
