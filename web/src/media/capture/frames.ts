/** The engine's end of a camera: frames from a stream, or through a port that is asked for them. */

import { listen, send } from "../ports.ts";
import type { FrameTick } from "./messages.ts";

/** A worker's timer runs at full speed while the page is hidden. */
const TICK_MS = 1_000 / 30;

/** Gives each frame to `onFrame`, which closes it; ends with the answer's `close`. */
export function openFrames(
  source: ReadableStream<VideoFrame> | MessagePort,
  isWanted: () => boolean,
  onFrame: (frame: VideoFrame) => void,
): { close(): void } {
  return source instanceof MessagePort ? fromPort(source, isWanted, onFrame) : fromStream(source, onFrame);
}

function fromStream(stream: ReadableStream<VideoFrame>, onFrame: (frame: VideoFrame) => void): { close(): void } {
  const reader = stream.getReader();
  let isOver = false;
  const read = async (): Promise<void> => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      if (isOver) value.close();
      else onFrame(value);
    }
  };
  // The camera was unplugged: the page sees its track end.
  read().catch(() => undefined);
  return {
    close() {
      isOver = true;
      reader.cancel().catch(() => undefined);
    },
  };
}

function fromPort(
  port: MessagePort,
  isWanted: () => boolean,
  onFrame: (frame: VideoFrame) => void,
): { close(): void } {
  let receivedCount = 0;
  listen<unknown>(port, (data) => {
    if (!(data instanceof VideoFrame)) return;
    receivedCount += 1;
    onFrame(data);
  });
  const timer = setInterval(() => {
    if (isWanted()) send<FrameTick>(port, { receivedCount });
  }, TICK_MS);
  return {
    close() {
      clearInterval(timer);
      port.close();
    },
  };
}
