/** What the page's capture and the engine say to each other. */

/** Samples of one block of speech: 20 ms, what one Opus packet holds. */
export const BLOCK_SAMPLES = 960;
export const CAPTURE_RATE = 48_000;

/** From the microphone's worklet. */
export interface CapturedBlock {
  /** `BLOCK_SAMPLES` mono samples at `CAPTURE_RATE`. */
  readonly samples: Float32Array;
  /** Unix time in ms when the last sample reached the worklet. */
  readonly at: number;
}

/**
 * From the engine to a camera that is read through a port, as often as it wants frames: without
 * these none are made, and a hidden page, whose own clock nearly stops, makes one at each.
 */
export interface FrameTick {
  /** Frames that reached the engine. */
  readonly receivedCount: number;
}
