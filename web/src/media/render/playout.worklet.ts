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
import { createRamp, type Ramp } from "./ramp.ts";
import { createVoiceRing, RING_RATE, type VoiceRing } from "./voice-ring.ts";

/** What a number stands for: nobody, somebody of whom nothing came yet, a voice, or one that fades. */
const Use = { free: 0, waiting: 1, voice: 2, ending: 3 } as const;
/** Output samples between two reports: 20 a second. */
const REPORT_EVERY = sampleRate / 20;

class Mixer extends AudioWorkletProcessor {
  readonly #step = RING_RATE / sampleRate;
  readonly #voices: VoiceRing[] = [];
  readonly #ramps: Ramp[] = [];
  /** A `Use` for each number. */
  readonly #inUse = new Uint8Array(VOICES_MAX);
  /** The one report, filled anew each time: `process` must not allocate. */
  readonly #report: { -readonly [K in keyof Playheads]: Playheads[K] } = {
    at: 0,
    latencyMs: 0,
    values: new Float64Array(VOICES_MAX * PLAYHEAD_FIELDS),
  };
  /** One voice while it fades. */
  #alone = new Float32Array(0);
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
    if (message.kind === "end") return this.#end(voice);
    const ring = (this.#voices[voice] ??= createVoiceRing());
    const ramp = (this.#ramps[voice] ??= createRamp(sampleRate));
    if (message.kind === "begin" || this.#isNew(voice)) {
      ring.clear();
      ramp.wait();
      this.#inUse[voice] = Use.waiting;
    }
    if (message.kind === "begin") return;
    if (message.kind === "samples" && this.#inUse[voice] === Use.waiting) {
      ramp.rise();
      this.#inUse[voice] = Use.voice;
    }
    if (message.kind === "samples") ring.write(message.capturedAt, message.samples);
    else if (message.kind === "jump") ring.jump(message.capturedAt);
    else ring.steer(message.rate, message.targetMs);
  }

  #isNew(voice: number): boolean {
    return this.#inUse[voice] === Use.free || this.#inUse[voice] === Use.ending;
  }

  #end(voice: number): void {
    const isHeard = this.#inUse[voice] === Use.voice;
    if (isHeard) this.#ramps[voice]?.fall();
    this.#inUse[voice] = isHeard ? Use.ending : Use.free;
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0]?.[0];
    if (output === undefined) return true;
    for (let voice = 0; voice < VOICES_MAX; voice += 1) {
      if (this.#inUse[voice] === Use.free) continue;
      if (this.#inUse[voice] === Use.waiting) this.#ramps[voice]?.pass(output.length);
      else if (this.#ramps[voice]?.isFull() === true) this.#voices[voice]?.mixInto(output, this.#step);
      else this.#fadeInto(output, voice);
    }
    limit(output);
    this.#sinceReport += output.length;
    if (this.#sinceReport >= REPORT_EVERY) {
      this.#sinceReport = 0;
      this.#tell();
    }
    return true;
  }

  /** The first and the last of a voice. */
  #fadeInto(output: Float32Array, voice: number): void {
    const ramp = this.#ramps[voice];
    // One size for as long as the context lives.
    if (this.#alone.length !== output.length) this.#alone = new Float32Array(output.length);
    this.#alone.fill(0);
    this.#voices[voice]?.mixInto(this.#alone, this.#step);
    ramp?.mix(this.#alone, output);
    if (this.#inUse[voice] === Use.ending && ramp?.isSilent() === true) this.#inUse[voice] = Use.free;
  }

  #tell(): void {
    const { values } = this.#report;
    for (let voice = 0; voice < VOICES_MAX; voice += 1) {
      const at = voice * PLAYHEAD_FIELDS;
      const ring = this.#inUse[voice] === Use.voice ? this.#voices[voice] : undefined;
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
