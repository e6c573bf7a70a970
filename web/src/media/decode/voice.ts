/** One participant's voice from its objects to the mixer, and what the mixer says of it. */

import type { VoiceReport } from "../../engine/messages.ts";
import type { Subscriber } from "../../moqt/types.ts";
import { unixNow } from "../clock.ts";
import { createAudioJitter, type Playhead, type Steering } from "../jitter/audio-jitter.ts";
import { loudness, QUIET } from "../level.ts";
import { readLoc } from "../loc.ts";
import type { ToPlayout } from "../render/messages.ts";
import { createSoundDecoder } from "./audio-decoder.ts";

/** What the mixer says of one voice; `capturedAt` is NaN while it is silent. */
export interface Heard {
  readonly capturedAt: number;
  /** Our time at which that leaves the mixer, in ms. */
  readonly at: number;
  /** From there to the loudspeaker. */
  readonly latencyMs: number;
  readonly depthMs: number;
  readonly gapMs: number;
  readonly dryCount: number;
}

export interface Voice {
  readonly subscriber: Subscriber;
  /** Decodes what waited long enough. */
  tick(now: number): void;
  hear(heard: Heard, now: number): void;
  audible(): Playhead | undefined;
  level(now: number): number;
  report(): VoiceReport;
  close(): void;
}

/** Objects come every 20 ms; a level older than this is no level. */
const LEVEL_MS_MAX = 300;
/** The mixer tells 20 times a second. */
const PLAYHEAD_MS_MAX = 300;
/** A jump must show in a report before the next is worth it. */
const JUMPS_APART_MS = 500;
/** Changes smaller than these are not worth a message. */
const RATE_STEP = 0.000_5;
const TARGET_STEP_MS = 2;

/** `voice` is the mixer's number for it. */
export function createVoice(voice: number, send: (message: ToPlayout, transfer?: Transferable[]) => void): Voice {
  const jitter = createAudioJitter();
  const decoder = createSoundDecoder((capturedAt, samples, tookMs) => {
    jitter.lag(tookMs, unixNow());
    send({ kind: "samples", voice, capturedAt, samples }, [samples.buffer]);
  });
  let level = { value: QUIET, at: 0 };
  let heard: Heard | undefined;
  let gapMaxMs = 0;
  let dryCount = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const follow = steersMixer(voice, send);
  send({ kind: "begin", voice });

  const tick = (now: number): void => {
    for (const sound of jitter.take(now)) decoder.decode(sound);
    // A gap's time is up to the millisecond, which no beat of a screen is.
    clearTimeout(timer);
    const due = jitter.deadline();
    if (due !== undefined) timer = setTimeout(() => tick(unixNow()), Math.max(due - unixNow(), 1));
  };
  return {
    subscriber: {
      onObject({ group, object, payload, properties }) {
        if (payload.length === 0) return;
        const now = unixNow();
        const loc = readLoc(properties);
        const isNew = jitter.arrive({ group, object, capturedAt: loc.capturedAt ?? now, payload }, now);
        if (!isNew) return;
        level = { value: loc.level ?? QUIET, at: now };
        tick(now);
      },
    },
    tick,
    hear(next, now) {
      heard = next;
      gapMaxMs = Math.max(gapMaxMs, next.gapMs);
      if (next.dryCount > dryCount) jitter.ranDry(now);
      dryCount = next.dryCount;
      jitter.lag(now - next.at, now);
      const isSilent = Number.isNaN(next.capturedAt);
      follow(jitter.steer(isSilent ? undefined : next, now), now);
    },
    audible() {
      if (heard === undefined || Number.isNaN(heard.capturedAt)) return undefined;
      if (unixNow() - heard.at > PLAYHEAD_MS_MAX) return undefined;
      return { capturedAt: heard.capturedAt, at: heard.at + heard.latencyMs };
    },
    level: (now) => (now - level.at > LEVEL_MS_MAX ? 0 : loudness(level.value)),
    report() {
      const longest = gapMaxMs;
      gapMaxMs = 0;
      return { gapMaxMs: Math.round(longest), bufferMs: Math.round(heard?.depthMs ?? 0) };
    },
    close() {
      clearTimeout(timer);
      decoder.close();
      send({ kind: "end", voice });
    },
  };
}

/** Tells the mixer what changes. */
function steersMixer(voice: number, send: (message: ToPlayout) => void): (steering: Steering, now: number) => void {
  let steered = { rate: 0, targetMs: 0 };
  let jumpedAt = 0;
  return ({ rate, targetMs, jumpTo }, now) => {
    const isSame =
      Math.abs(rate - steered.rate) < RATE_STEP && Math.abs(targetMs - steered.targetMs) < TARGET_STEP_MS;
    if (!isSame) {
      steered = { rate, targetMs };
      send({ kind: "steer", voice, rate, targetMs });
    }
    if (jumpTo === undefined || now - jumpedAt < JUMPS_APART_MS) return;
    jumpedAt = now;
    send({ kind: "jump", voice, capturedAt: jumpTo });
  };
}
