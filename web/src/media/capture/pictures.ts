/** The track of a camera, or of a screen that is shared, on its way to the engine. */

import { unixNow } from "../clock.ts";
import { listen, send } from "../ports.ts";
import type { PictureCapture } from "../types.ts";
import type { FrameTick } from "./messages.ts";

/** Chromium's and newer than the DOM types. */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}
declare const MediaStreamTrackProcessor:
  | (new (init: { track: MediaStreamTrack; maxBufferSize: number }) => TrackProcessor)
  | undefined;

/** Frames on their way to the engine; more would only be older when they arrive. */
const IN_FLIGHT_MAX = 2;
/** Without a tick for this long nobody wants frames. */
const WANTED_MS = 500;

export function capturePictures(track: MediaStreamTrack): PictureCapture {
  if (typeof MediaStreamTrackProcessor === "undefined") return captureThroughVideo(track);
  const { readable } = new MediaStreamTrackProcessor({ track, maxBufferSize: 2 });
  // Ends with the track, or when the engine cancels it: no clone would keep the camera's light on.
  return { frames: readable, close: () => undefined };
}

/**
 * Firefox has no track processor: a video element plays the track and frames are taken from it,
 * while the page is visible with each picture, while it is hidden with each tick of the engine.
 */
function captureThroughVideo(track: MediaStreamTrack): PictureCapture {
  const { port1: port, port2 } = new MessageChannel();
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  let wantedUntil = 0;
  let sentCount = 0;
  let receivedCount = 0;
  let isOver = false;

  const take = (): void => {
    const isLate = sentCount - receivedCount >= IN_FLIGHT_MAX;
    if (isOver || isLate || unixNow() > wantedUntil || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    const frame = new VideoFrame(video, { timestamp: Math.round(unixNow() * 1_000) });
    sentCount += 1;
    try {
      send(port, frame, [frame]);
    } finally {
      // Detached by the transfer; still ours when that failed.
      frame.close();
    }
  };
  const onPicture = (): void => {
    if (isOver) return;
    if (!document.hidden) take();
    video.requestVideoFrameCallback(onPicture);
  };
  video.requestVideoFrameCallback(onPicture);
  listen<FrameTick>(port, (tick) => {
    const isAwaited = unixNow() > wantedUntil;
    wantedUntil = unixNow() + WANTED_MS;
    receivedCount = tick.receivedCount;
    // A screen on which nothing moves brings no picture by itself.
    if (document.hidden || isAwaited) take();
  });
  const play = (): void => {
    if (!isOver) video.play().catch(() => undefined);
  };
  // Browsers pause hidden videos now and then.
  video.addEventListener("pause", play);
  play();
  return {
    frames: port2,
    close() {
      isOver = true;
      port.close();
      video.removeEventListener("pause", play);
      video.pause();
      video.srcObject = null;
    },
  };
}
