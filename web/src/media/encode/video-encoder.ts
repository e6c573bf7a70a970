/**
 * Frames of a camera or a screen into one rendition's track: VP8, a group every few seconds, temporal layers
 * where they are wanted and the browser has them.
 *
 * Frames are skipped before they are encoded, never after, when the encoder or the line is behind. The
 * encoder lives as long as someone subscribes; when the browser takes it away, the next frame makes a
 * new one, which begins with a key frame.
 */

import { captureClock } from "../clock.ts";
import { locProperties } from "../loc.ts";
import { bytesOf } from "./bytes.ts";
import { renditionCodec, type OnChunk, type Wanted } from "./codec.ts";
import type { FanOut } from "./fan-out.ts";
import { fit } from "./rendition.ts";
import { FULL_MS } from "./uplink.ts";

export interface FrameEncoder {
  /** Encodes the frame if it is wanted; the frame stays the caller's. */
  take(frame: VideoFrame, now: number): void;
  /** Temporal layers of what comes out. */
  layers(): number;
  /** How long it has been behind: a processor that is too slow is like a line that is. */
  lateMs(now: number): number;
  /** Gives the encoder back; the next frame makes a new one. */
  rest(): void;
}

export interface Sent {
  framesEncoded: number;
  framesSkipped: number;
}

/** A subscriber who lost a group gets a key frame, but not one after the other. */
const KEY_APART_MS = 500;
const IN_FLIGHT_MAX = 2;
/** An encoder that gives nothing for so many times what it may take is stuck. */
const STUCK = 2;

interface Pending {
  /** The frame's own, in µs: comes back with the chunk. */
  readonly timestamp: number;
  readonly capturedAt: number;
  readonly takenAt: number;
}

export function createFrameEncoder(wanted: Wanted, fan: FanOut, sent: Sent): FrameEncoder {
  const { rendition, sending } = wanted;
  const clock = captureClock();
  const pace = sending.paceOf(rendition);
  const label = rendition.name.split("/")[1] ?? "";
  let pending: readonly Pending[] = [];
  let lastKeyAt = -Infinity;
  let seenAt = -Infinity;

  const fail = (): void => {
    pending = [];
    codec.fail(seenAt);
  };
  const onChunk: OnChunk = (chunk, layer) => {
    const known = pending.find(({ timestamp }) => timestamp === chunk.timestamp);
    // Realtime encoders leave frames out without a word: what is older will not come.
    pending = pending.filter(({ timestamp }) => timestamp > chunk.timestamp);
    if (known === undefined) return;
    const isKey = chunk.type === "key";
    if (isKey) fan.beginGroup(known.takenAt);
    const properties = locProperties(known.capturedAt, isKey ? { rendition: label } : {});
    pace.spend(chunk.byteLength);
    fan.write(bytesOf(chunk), properties, isKey && layer !== undefined ? 0 : layer);
    sent.framesEncoded += 1;
  };
  const codec = renditionCodec(wanted, onChunk, fail);
  const isBehind = (): boolean => pending.length > IN_FLIGHT_MAX || fan.queuedMs() > FULL_MS;

  const encode = (frame: VideoFrame, now: number): void => {
    const capturedAt = clock(frame.timestamp / 1_000, now);
    if (!pace.isDue(capturedAt)) return;
    fan.expire(now);
    if (now - (pending[0]?.takenAt ?? now) > STUCK * sending.patienceMs) fail();
    const size = fit({ width: frame.displayWidth, height: frame.displayHeight }, rendition);
    const ready = isBehind() ? undefined : codec.ready(size, now);
    if (ready === undefined) {
      sent.framesSkipped += 1;
      return;
    }
    const sinceKey = capturedAt - lastKeyAt;
    const isLast = sinceKey > sending.keyEveryMs - 1_000 / rendition.framerate;
    const keyFrame = ready.isNew || isLast || (fan.wantsGroup() && sinceKey > KEY_APART_MS);
    if (ready.isNew) pending = [];
    pending = [...pending, { timestamp: frame.timestamp, capturedAt, takenAt: now }];
    ready.encoder.encode(frame, { keyFrame });
    pace.take(capturedAt);
    if (keyFrame) lastKeyAt = capturedAt;
  };
  return {
    take(frame, now) {
      seenAt = now;
      try {
        if (fan.isWanted()) encode(frame, now);
      } catch {
        // A frame the browser closed or an encoder it took away: the next frame starts anew.
        fail();
      }
    },
    layers: codec.layers,
    lateMs(now) {
      const oldestMs = now - (pending[0]?.takenAt ?? now);
      // Less is a hiccup of a busy machine.
      return oldestMs > sending.patienceMs ? oldestMs : 0;
    },
    rest() {
      pending = [];
      codec.rest();
    },
  };
}
