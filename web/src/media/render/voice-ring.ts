/** One voice between arrival and mixing: a ring and its reader, by moments of capture. */

import { createReader } from "./reader.ts";
import { createRing, REACH } from "./ring.ts";

export const RING_RATE = 48_000;
export const SAMPLES_PER_MS = RING_RATE / 1_000;
/** Publishers' clocks are corrected by fractions of a ms: such blocks still follow each other. */
const SNAP = 10 * SAMPLES_PER_MS;

export interface VoiceRing {
  /** Samples at `RING_RATE` captured from `capturedAt` (Unix ms) on. */
  write(capturedAt: number, samples: Float32Array): void;
  /** Adds the voice to `output`, whose samples are `step` of ours apart. */
  mixInto(output: Float32Array, step: number): void;
  steer(rate: number, targetMs: number): void;
  jump(capturedAt: number): void;
  /** Moment of capture that plays now; NaN while nothing plays. */
  playheadMs(): number;
  depthMs(): number;
  /** Times it ran dry. */
  dryCount(): number;
  /** Longest gap since the last call, with the one that lasts. */
  takeGapMs(): number;
  /** Forgets everything, for another voice. */
  clear(): void;
}

export function createVoiceRing(): VoiceRing {
  const ring = createRing();
  const reader = createReader(ring);
  /** Capture index of the ring's index 0, which keeps fractions exact; NaN before the first block. */
  let base = Number.NaN;

  const restart = (index: number): void => {
    ring.clear();
    reader.rewind();
    base = index;
  };
  return {
    write(capturedAt, samples) {
      const index = Math.round(capturedAt * SAMPLES_PER_MS);
      if (Number.isNaN(base) || Math.abs(index - base - ring.end()) > REACH / 2) restart(index);
      const ahead = index - base - ring.end();
      if (ahead > SNAP) {
        reader.gaps.note(ahead);
        ring.bridge(index - base);
      }
      const known = ahead < -SNAP ? -ahead : 0;
      if (known >= samples.length) return;
      ring.append(samples, known, reader.heardUpTo());
      reader.more();
    },
    mixInto: reader.mixInto,
    steer: (rate, targetMs) => reader.steer(rate, targetMs * SAMPLES_PER_MS),
    jump: (capturedAt) => reader.jump(capturedAt * SAMPLES_PER_MS - base),
    playheadMs: () => (base + reader.position()) / SAMPLES_PER_MS,
    depthMs: () => reader.depth() / SAMPLES_PER_MS,
    dryCount: reader.gaps.dryCount,
    takeGapMs: () => reader.gaps.take() / SAMPLES_PER_MS,
    clear() {
      restart(Number.NaN);
      reader.clear();
    },
  };
}
