/** Opus packets into samples: one decoder for one voice, made anew after an error. */

import { unixNow } from "../clock.ts";
import type { EncodedSound } from "../jitter/audio-jitter.ts";

export interface SoundDecoder {
  decode(sound: EncodedSound): void;
  close(): void;
}

/** A second of packets: more means that the decoder is stuck. */
const QUEUE_MAX = 50;
const PACKET_US = 20_000;
const CONFIG: AudioDecoderConfig = { codec: "opus", sampleRate: 48_000, numberOfChannels: 1 };

/** `onSamples` gets samples at 48 kHz, when the first was captured, and how many ms decoding took. */
export function createSoundDecoder(
  onSamples: (capturedAt: number, samples: Float32Array<ArrayBuffer>, tookMs: number) => void,
): SoundDecoder {
  /** When what is inside was captured and came, by number of packet. */
  const inside = new Map<number, { readonly capturedAt: number; readonly at: number }>();
  let decoder: AudioDecoder | undefined;
  let number = 0;

  const rest = (): void => {
    const closing = decoder;
    decoder = undefined;
    inside.clear();
    if (closing !== undefined && closing.state !== "closed") closing.close();
  };
  const onOutput = (sound: AudioData): void => {
    const decoded = Math.round(sound.timestamp / PACKET_US);
    const packet = inside.get(decoded);
    for (const each of inside.keys()) if (each <= decoded) inside.delete(each);
    if (packet === undefined) return;
    const samples = new Float32Array(sound.numberOfFrames);
    sound.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
    onSamples(packet.capturedAt, samples, unixNow() - packet.at);
  };
  const make = (): AudioDecoder => {
    const made: AudioDecoder = new AudioDecoder({
      output: (sound) => {
        try {
          if (decoder === made) onOutput(sound);
        } finally {
          sound.close();
        }
      },
      error: () => {
        if (decoder === made) rest();
      },
    });
    made.configure(CONFIG);
    return made;
  };
  return {
    decode({ capturedAt, payload }) {
      if (inside.size >= QUEUE_MAX) rest();
      try {
        decoder ??= make();
        // Numbered without gaps: after one, decoders count on as if there were none.
        decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: number * PACKET_US, data: payload }));
        inside.set(number, { capturedAt, at: unixNow() });
        number += 1;
      } catch {
        rest();
      }
    },
    close: rest,
  };
}
