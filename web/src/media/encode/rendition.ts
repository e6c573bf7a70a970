/** The renditions we publish, as the catalog and the encoders know them. */

import type { AudioTrack, VideoTrack } from "../../engine/catalog.ts";

export const MIC: AudioTrack = {
  name: "mic",
  role: "audio",
  codec: "opus",
  samplerate: 48_000,
  bitrate: 32_000,
};

/** VP8: every browser encodes it in software many times faster than needed. */
export const CAM_MID: VideoTrack = {
  name: "cam/mid",
  role: "video",
  codec: "vp8",
  width: 640,
  height: 360,
  framerate: 30,
  bitrate: 450_000,
};

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** `size` inside the rendition's box, standing or lying, never enlarged; sides are even for 4:2:0. */
export function fit(size: Size, { width, height }: Size): Size {
  const long = Math.max(size.width, size.height);
  const short = Math.min(size.width, size.height);
  const scale = Math.min(1, width / long, height / short);
  const even = (side: number): number => Math.max(Math.round((side * scale) / 2) * 2, 2);
  return { width: even(size.width), height: even(size.height) };
}
