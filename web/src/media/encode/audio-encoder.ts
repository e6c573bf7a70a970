/** Blocks of speech into a track: Opus, one object a block, a group a second. */

import { BLOCK_SAMPLES, CAPTURE_RATE } from "../capture/messages.ts";
import { captureClock, unixNow } from "../clock.ts";
import { levelMeter } from "../level.ts";
import { locProperties, type AudioLevel } from "../loc.ts";
import { bytesOf } from "./bytes.ts";
import type { FanOut } from "./fan-out.ts";
import { MIC } from "./rendition.ts";

export interface SpeechEncoder {
  /** Measures the block always, encodes it while someone subscribes. */
  take(samples: Float32Array, arrivedAt: number, now: number): AudioLevel;
  /** Gives the encoder back; the next block makes a new one. */
  rest(): void;
}

const BLOCK_MS = (BLOCK_SAMPLES / CAPTURE_RATE) * 1_000;
const BLOCKS_PER_GROUP = 50;
/** Blocks inside the encoder; more means that it is stuck. */
const IN_FLIGHT_MAX = 25;
/** After an encoder failed, until the next attempt. */
const RETRY_MS = 1_000;

const CONFIG: AudioEncoderConfig = {
  codec: MIC.codec,
  sampleRate: CAPTURE_RATE,
  numberOfChannels: 1,
  bitrate: MIC.bitrate,
  opus: { frameDuration: BLOCK_MS * 1_000 },
};

interface Captured {
  readonly capturedAt: number;
  readonly level: AudioLevel;
}

export function createSpeechEncoder(fan: FanOut): SpeechEncoder {
  const clock = captureClock();
  const measure = levelMeter();
  const inFlight = new Map<number, Captured>();
  let encoder: AudioEncoder | undefined;
  let number = 0;
  let inGroup = 0;
  let failedAt = -Infinity;

  const rest = (): void => {
    const closing = encoder;
    encoder = undefined;
    inFlight.clear();
    if (closing !== undefined && closing.state !== "closed") closing.close();
  };
  const fail = (): void => {
    failedAt = unixNow();
    rest();
  };
  const onChunk = (chunk: EncodedAudioChunk): void => {
    // The encoder's own timestamps wander by fractions of a block; the number does not.
    const encoded = Math.round(chunk.timestamp / (BLOCK_MS * 1_000));
    const captured = inFlight.get(encoded);
    for (const each of inFlight.keys()) if (each <= encoded) inFlight.delete(each);
    if (captured === undefined) return;
    if (inGroup >= BLOCKS_PER_GROUP || fan.wantsGroup()) {
      fan.beginGroup(captured.capturedAt);
      inGroup = 0;
    }
    inGroup += 1;
    fan.write(bytesOf(chunk), locProperties(captured.capturedAt, { level: captured.level }));
  };
  const prepared = (now: number): AudioEncoder | undefined => {
    if (inFlight.size > IN_FLIGHT_MAX) fail();
    if (encoder?.state === "configured") return encoder;
    if (now - failedAt < RETRY_MS) return undefined;
    rest();
    encoder = openEncoder(onChunk, (failed) => {
      if (encoder === failed) fail();
    });
    return encoder;
  };
  const encode = (samples: Float32Array<ArrayBuffer>, captured: Captured, now: number): void => {
    const ready = prepared(now);
    if (ready === undefined) return;
    const sound = soundOf(samples, number);
    inFlight.set(number, captured);
    try {
      ready.encode(sound);
    } finally {
      sound.close();
    }
  };
  return {
    take(samples, arrivedAt, now) {
      const level = measure(samples);
      number += 1;
      const capturedAt = clock(number * BLOCK_MS, arrivedAt) - BLOCK_MS;
      try {
        if (fan.isWanted()) encode(new Float32Array(samples), { capturedAt, level }, now);
      } catch {
        // The browser took the encoder away: the next block starts anew.
        fail();
      }
      return level;
    },
    rest,
  };
}

function openEncoder(
  onChunk: (chunk: EncodedAudioChunk) => void,
  onError: (encoder: AudioEncoder) => void,
): AudioEncoder {
  const encoder: AudioEncoder = new AudioEncoder({ output: onChunk, error: () => onError(encoder) });
  encoder.configure(CONFIG);
  return encoder;
}

const soundOf = (samples: Float32Array<ArrayBuffer>, number: number): AudioData =>
  new AudioData({
    format: "f32",
    sampleRate: CAPTURE_RATE,
    numberOfChannels: 1,
    numberOfFrames: samples.length,
    timestamp: number * BLOCK_MS * 1_000,
    data: samples,
  });
