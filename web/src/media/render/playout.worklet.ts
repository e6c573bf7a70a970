/** The mixer: every voice from its ring into one output, on the audio thread. */

import { listen, send } from "../ports.ts";
import { limit } from "./limit.ts";
import {
  Field,
  PLAYHEAD_FIELDS,
  VOICES_MAX,
  type Playheads,
  type PlayoutSetup,
  type ToPlayout,
} from "./messages.ts";
import { createVoiceRing, RING_RATE, type VoiceRing } from "./voice-ring.ts";

/** Output samples between two reports: 20 a second. */
const REPORT_EVERY = sampleRate / 20;

class Mixer extends AudioWorkletProcessor {
  readonly #step = RING_RATE / sampleRate;
  readonly #voices: VoiceRing[] = [];
  /** Numbers of voices in use; the rest of `#voices` is `undefined`. */
  readonly #inUse = new Uint8Array(VOICES_MAX);
  /** The one report, filled anew each time: `process` must not allocate. */
  readonly #report: { -readonly [K in keyof Playheads]: Playheads[K] } = {
    at: 0,
    latencyMs: 0,
    values: new Float64Array(VOICES_MAX * PLAYHEAD_FIELDS),
  };
  #engine: MessagePort | undefined;
  #sinceReport = 0;

  constructor() {
    super();
    listen<PlayoutSetup>(this.port, (setup) => {
      if (setup.kind === "latency") {
        this.#report.latencyMs = setup.latencyMs;
        return;
      }
      this.#engine = setup.port;
      listen<ToPlayout>(setup.port, (message) => this.#take(message));
    });
  }

  #take(message: ToPlayout): void {
    const { voice } = message;
    if (!(voice >= 0 && voice < VOICES_MAX)) return;
    if (message.kind === "end") {
      this.#inUse[voice] = 0;
      return;
    }
    const ring = (this.#voices[voice] ??= createVoiceRing());
    if (this.#inUse[voice] === 0) ring.clear();
    this.#inUse[voice] = 1;
    if (message.kind === "samples") ring.write(message.capturedAt, message.samples);
    else if (message.kind === "jump") ring.jump(message.capturedAt);
    else ring.steer(message.rate, message.targetMs);
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0]?.[0];
    if (output === undefined) return true;
    for (let voice = 0; voice < VOICES_MAX; voice += 1) {
      if (this.#inUse[voice] === 1) this.#voices[voice]?.mixInto(output, this.#step);
    }
    limit(output);
    this.#sinceReport += output.length;
    if (this.#sinceReport >= REPORT_EVERY) {
      this.#sinceReport = 0;
      this.#tell();
    }
    return true;
  }

  #tell(): void {
    const { values } = this.#report;
    for (let voice = 0; voice < VOICES_MAX; voice += 1) {
      const at = voice * PLAYHEAD_FIELDS;
      const ring = this.#inUse[voice] === 1 ? this.#voices[voice] : undefined;
      values[at + Field.capturedAt] = ring?.playheadMs() ?? Number.NaN;
      values[at + Field.depthMs] = ring?.depthMs() ?? 0;
      values[at + Field.gapMs] = ring?.takeGapMs() ?? 0;
      values[at + Field.dryCount] = ring?.dryCount() ?? 0;
    }
    // The audio thread has no `performance`; both clocks are the system's.
    this.#report.at = Date.now();
    if (this.#engine !== undefined) send(this.#engine, this.#report);
  }
}

registerProcessor("mosaik-playout", Mixer);
