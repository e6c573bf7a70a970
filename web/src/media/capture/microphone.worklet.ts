/** The microphone's samples as blocks of 20 ms at 48 kHz, on the audio thread. */

import { listen, send } from "../ports.ts";
import { createResampler } from "../render/resample.ts";
import { BLOCK_SAMPLES, CAPTURE_RATE, type CapturedBlock } from "./messages.ts";

/** Larger than any render quantum. */
const QUANTUM_MAX = 2_048;

class Microphone extends AudioWorkletProcessor {
  readonly #resampler = createResampler(sampleRate, CAPTURE_RATE, QUANTUM_MAX);
  /** The one block, filled anew each time: `process` must not allocate. */
  readonly #block: { -readonly [K in keyof CapturedBlock]: CapturedBlock[K] } = {
    samples: new Float32Array(BLOCK_SAMPLES),
    at: 0,
  };
  #filled = 0;
  #engine: MessagePort | undefined;
  #isOver = false;

  constructor() {
    super();
    listen<MessagePort | undefined>(this.port, (engine) => {
      this.#engine = engine;
      this.#isOver = engine === undefined;
    });
  }

  readonly #put = (sample: number): void => {
    this.#block.samples[this.#filled] = sample;
    this.#filled += 1;
    if (this.#filled < BLOCK_SAMPLES) return;
    this.#filled = 0;
    // The audio thread has no `performance`; both clocks are the system's.
    this.#block.at = Date.now();
    if (this.#engine !== undefined) send(this.#engine, this.#block);
  };

  process(inputs: Float32Array[][]): boolean {
    const input = inputs[0]?.[0];
    if (input !== undefined) this.#resampler.push(input, this.#put);
    return !this.#isOver;
  }
}

registerProcessor("mosaik-microphone", Microphone);
