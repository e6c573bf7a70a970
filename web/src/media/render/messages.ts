/** What the engine and the playout worklet say to each other about numbered voices. */

/** Voices mixed at once; in a room with more open microphones the rest stays unheard. */
export const VOICES_MAX = 64;

export type ToPlayout =
  /** A voice can come from now on: what comes at once goes on in it, what comes later is a word that begins. */
  | { readonly kind: "begin"; readonly voice: number }
  /** Mono samples at 48 kHz, captured from `capturedAt` (Unix ms of the publisher) on. */
  | { readonly kind: "samples"; readonly voice: number; readonly capturedAt: number; readonly samples: Float32Array }
  | { readonly kind: "steer"; readonly voice: number; readonly rate: number; readonly targetMs: number }
  | { readonly kind: "jump"; readonly voice: number; readonly capturedAt: number }
  /** Forgets the voice; its number may then be used for another. */
  | { readonly kind: "end"; readonly voice: number };

/** Fields of a voice in `Playheads.values`. */
export const PLAYHEAD_FIELDS = 4;
export const Field = {
  /** Moment of capture now leaving the mixer, Unix ms of the publisher; NaN while silent. */
  capturedAt: 0,
  depthMs: 1,
  /** Longest gap since the last report. */
  gapMs: 2,
  /** Times the voice ran dry since it began. */
  dryCount: 3,
} as const;

/** About 20 times a second. */
export interface Playheads {
  /** Unix time in ms of the mixer. */
  readonly at: number;
  /** From the mixer to the loudspeaker. */
  readonly latencyMs: number;
  /** `PLAYHEAD_FIELDS` numbers a voice. */
  readonly values: Float64Array;
}

/** From the page to the worklet, on the node's own port. */
export type PlayoutSetup =
  | { readonly kind: "port"; readonly port: MessagePort }
  | { readonly kind: "latency"; readonly latencyMs: number };
