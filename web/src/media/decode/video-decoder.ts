/** Encoded frames into pictures: one decoder, made anew after an error with the next key frame. */

import type { EncodedFrame } from "../jitter/frame-store.ts";

export interface PictureDecoder {
  /** False while enough frames wait inside. */
  hasRoom(): boolean;
  /** False when the frame cannot be decoded: go on with a key frame. */
  decode(frame: EncodedFrame): boolean;
  close(): void;
}

/** Frames inside the decoder: a late joiner's backlog passes through in steps of these. */
const QUEUE_MAX = 8;

/** In µs, as decoders have it. */
export const timestampOf = ({ capturedAt }: EncodedFrame): number => Math.round(capturedAt * 1_000);

/** `onFrame` owns its frames; their timestamp is the moment of capture in µs. */
export function createPictureDecoder(
  codec: string,
  onFrame: (frame: VideoFrame) => void,
  onRoom: () => void,
  onLost: () => void,
): PictureDecoder {
  let decoder: VideoDecoder | undefined;

  const rest = (): void => {
    const closing = decoder;
    decoder = undefined;
    if (closing !== undefined && closing.state !== "closed") closing.close();
  };
  const make = (): VideoDecoder => {
    const made: VideoDecoder = new VideoDecoder({
      output: (frame) => {
        if (decoder === made) onFrame(frame);
        else frame.close();
      },
      error: () => {
        if (decoder !== made) return;
        rest();
        onLost();
      },
    });
    made.addEventListener("dequeue", onRoom);
    made.configure({ codec, optimizeForLatency: true });
    return made;
  };
  return {
    hasRoom: () => (decoder?.decodeQueueSize ?? 0) < QUEUE_MAX,
    decode(frame) {
      const { object, payload } = frame;
      const type = object === 0 ? "key" : "delta";
      if (decoder === undefined && type === "delta") return false;
      try {
        decoder ??= make();
        decoder.decode(new EncodedVideoChunk({ type, timestamp: timestampOf(frame), data: payload }));
        return true;
      } catch {
        // A codec this browser does not have, or a frame that is none.
        rest();
        return false;
      }
    },
    close: rest,
  };
}
