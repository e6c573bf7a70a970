/**
 * Camera frames into a track: VP8, a group every two seconds.
 *
 * Frames are skipped before they are encoded, never after, when the encoder or the stream is
 * behind. The encoder lives as long as someone subscribes; when the browser takes it away, the next
 * frame makes a new one, which begins with a key frame.
 */

import { captureClock, unixNow } from "../clock.ts";
import { locProperties } from "../loc.ts";
import { bytesOf } from "./bytes.ts";
import type { FanOut } from "./fan-out.ts";
import { CAM_MID, fit, type Size } from "./rendition.ts";

export interface FrameEncoder {
  /** Takes the frame over and closes it. */
  take(frame: VideoFrame, now: number): void;
  /** Gives the encoder back; the next frame makes a new one. */
  rest(): void;
}

export interface Sent {
  framesEncoded: number;
  framesSkipped: number;
}

const KEY_EVERY_MS = 2_000;
/** A subscriber who lost a group gets a key frame, but not one after the other. */
const KEY_APART_MS = 500;
const FRAME_MS = 1_000 / CAM_MID.framerate;
/** Cameras' intervals wander: a frame this much early is still in time. */
const EARLY_MS = 8;
const IN_FLIGHT_MAX = 2;
/** An encoder that gives nothing for this long is stuck. */
const STUCK_MS = 1_000;
/** 150 ms of the bit rate. */
export const QUEUED_VIDEO_BYTES_MAX = (CAM_MID.bitrate / 8) * 0.15;
/** After an encoder failed, until the next attempt. */
const RETRY_MS = 1_000;

interface Pending {
  /** The frame's own, in µs: comes back with the chunk. */
  readonly timestamp: number;
  readonly capturedAt: number;
  readonly takenAt: number;
}

export function createFrameEncoder(fan: FanOut, sent: Sent): FrameEncoder {
  const clock = captureClock();
  let encoder: VideoEncoder | undefined;
  let size: Size | undefined;
  let pending: readonly Pending[] = [];
  let lastTakenAt = -Infinity;
  let lastKeyAt = -Infinity;
  let failedAt = -Infinity;

  const rest = (): void => {
    const closing = encoder;
    encoder = undefined;
    pending = [];
    if (closing !== undefined && closing.state !== "closed") closing.close();
  };
  const fail = (): void => {
    failedAt = unixNow();
    rest();
  };
  const onChunk = (chunk: EncodedVideoChunk): void => {
    const known = pending.find(({ timestamp }) => timestamp === chunk.timestamp);
    // Realtime encoders leave frames out without a word: what is older will not come.
    pending = pending.filter(({ timestamp }) => timestamp > chunk.timestamp);
    if (known === undefined) return;
    if (chunk.type === "key") fan.beginGroup(known.takenAt);
    fan.write(bytesOf(chunk), locProperties(known.capturedAt));
    sent.framesEncoded += 1;
  };
  const prepared = (frame: VideoFrame, now: number): VideoEncoder | undefined => {
    const wanted = fit({ width: frame.displayWidth, height: frame.displayHeight }, CAM_MID);
    const isFitting = size?.width === wanted.width && size.height === wanted.height;
    if (encoder?.state === "configured" && isFitting) return encoder;
    if (now - failedAt < RETRY_MS) return undefined;
    rest();
    lastKeyAt = -Infinity;
    size = wanted;
    encoder = openEncoder(wanted, onChunk, (failed) => {
      if (encoder === failed) fail();
    });
    return encoder;
  };
  const encode = (frame: VideoFrame, now: number): void => {
    const capturedAt = clock(frame.timestamp / 1_000, now);
    if (capturedAt - lastTakenAt < FRAME_MS - EARLY_MS) return;
    fan.expire(now);
    if (now - (pending[0]?.takenAt ?? now) > STUCK_MS) fail();
    const isBehind = pending.length > IN_FLIGHT_MAX || fan.queuedBytes() > QUEUED_VIDEO_BYTES_MAX;
    const ready = isBehind ? undefined : prepared(frame, now);
    if (ready === undefined) {
      sent.framesSkipped += 1;
      return;
    }
    const sinceKey = capturedAt - lastKeyAt;
    const keyFrame = sinceKey > KEY_EVERY_MS - FRAME_MS || (fan.wantsGroup() && sinceKey > KEY_APART_MS);
    ready.encode(frame, { keyFrame });
    pending = [...pending, { timestamp: frame.timestamp, capturedAt, takenAt: now }];
    lastTakenAt = capturedAt;
    if (keyFrame) lastKeyAt = capturedAt;
  };
  return {
    take(frame, now) {
      try {
        if (fan.isWanted()) encode(frame, now);
      } catch {
        // A frame the browser closed or an encoder it took away: the next frame starts anew.
        fail();
      } finally {
        frame.close();
      }
    },
    rest,
  };
}

function openEncoder(
  size: Size,
  onChunk: (chunk: EncodedVideoChunk) => void,
  onError: (encoder: VideoEncoder) => void,
): VideoEncoder {
  const encoder: VideoEncoder = new VideoEncoder({ output: onChunk, error: () => onError(encoder) });
  encoder.configure({
    codec: CAM_MID.codec,
    ...size,
    bitrate: CAM_MID.bitrate,
    framerate: CAM_MID.framerate,
    latencyMode: "realtime",
    bitrateMode: "variable",
  });
  return encoder;
}
