/** The engine's end of the playout worklet: numbers for voices, and what is said of them. */

import { fromSystemTime, unixNow } from "../clock.ts";
import { listen, send } from "../ports.ts";
import { Field, PLAYHEAD_FIELDS, VOICES_MAX, type Playheads, type ToPlayout } from "../render/messages.ts";
import type { Heard } from "./voice.ts";

export interface MixerPort {
  open(port: MessagePort): void;
  send(message: ToPlayout, transfer?: Transferable[]): void;
  /** A number for a voice; undefined when all are taken. */
  take(): number | undefined;
  giveBack(number: number | undefined): void;
  close(): void;
}

/** `onHeard`: what the mixer says of a voice, about 20 times a second. */
export function createMixerPort(onHeard: (number: number, heard: Heard, now: number) => void): MixerPort {
  const free = new Set(Array.from({ length: VOICES_MAX }, (_, number) => number));
  let port: MessagePort | undefined;

  const onPlayheads = ({ at, latencyMs, values }: Playheads): void => {
    const now = unixNow();
    for (let number = 0; number < VOICES_MAX; number += 1) {
      if (free.has(number)) continue;
      const field = (index: number): number => values[number * PLAYHEAD_FIELDS + index] ?? 0;
      onHeard(
        number,
        {
          capturedAt: field(Field.capturedAt),
          at: fromSystemTime(at),
          latencyMs,
          depthMs: field(Field.depthMs),
          gapMs: field(Field.gapMs),
          dryCount: field(Field.dryCount),
        },
        now,
      );
    }
  };
  return {
    open(opened) {
      port?.close();
      port = opened;
      listen<Playheads>(opened, onPlayheads);
    },
    send(message, transfer) {
      if (port !== undefined) send(port, message, transfer);
    },
    take() {
      const [number] = free;
      if (number !== undefined) free.delete(number);
      return number;
    },
    giveBack(number) {
      if (number !== undefined) free.add(number);
    },
    close() {
      port?.close();
      port = undefined;
    },
  };
}
