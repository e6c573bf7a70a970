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
const cam = (rendition: string, size: Size, framerate: number, bitrate: number): VideoTrack => ({
  name: `cam/${rendition}`,
  role: "video",
  codec: "vp8",
  ...size,
  framerate,
  bitrate,
});

/** The same codec for the same reason; what little moves on a screen costs few bits. */
const screen = (rendition: string, size: Size, framerate: number, bitrate: number): VideoTrack => ({
  ...cam(rendition, size, framerate, bitrate),
  name: `screen/${rendition}`,
});

/** A camera's renditions, lowest first: docs/protocol.md. */
export const CAM: readonly VideoTrack[] = [
  cam("low", { width: 320, height: 180 }, 15, 120_000),
  cam("mid", { width: 640, height: 360 }, 25, 450_000),
  cam("upper", { width: 960, height: 540 }, 25, 680_000),
  cam("high", { width: 1_280, height: 720 }, 30, 1_300_000),
];

/** A screen's renditions, lowest first: as it is, and half of that where a line or a tile has no room for it. */
export const SCREEN: readonly VideoTrack[] = [
  screen("low", { width: 960, height: 540 }, 5, 200_000),
  screen("high", { width: 1_920, height: 1_080 }, 15, 1_200_000),
];

/**
 * The same of a camera that shows paper: what is read wants pixels, and no more pictures a second than a hand that
 * writes. As names and bit rates are the same, the relay chooses among them as among a camera's.
 */
export const DOCUMENT: readonly VideoTrack[] = [
  cam("low", { width: 640, height: 360 }, 5, 120_000),
  cam("mid", { width: 960, height: 540 }, 8, 450_000),
  cam("upper", { width: 1_280, height: 720 }, 8, 680_000),
  cam("high", { width: 1_920, height: 1_080 }, 8, 1_300_000),
];

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What makes `size` reach the rendition's box, standing or lying. */
function scaleOf(size: Size, { width, height }: Size): number {
  const long = Math.max(size.width, size.height);
  const short = Math.min(size.width, size.height);
  return Math.min(width / long, height / short);
}

/** `size` inside the rendition's box, standing or lying, never enlarged; sides are even for 4:2:0. */
export function fit(size: Size, box: Size): Size {
  const scale = Math.min(1, scaleOf(size, box));
  const even = (side: number): number => Math.max(Math.round((side * scale) / 2) * 2, 2);
  return { width: even(size.width), height: even(size.height) };
}

const shaped = (source: Size, renditions: readonly VideoTrack[]): readonly VideoTrack[] =>
  renditions.map((rendition) => Object.assign({}, rendition, fit(source, rendition)));

/** The renditions that a camera has the pixels for, in its own shape; the lowest is always one. */
export function offered(camera: Size, ladder = CAM): readonly VideoTrack[] {
  const enough = ladder.filter((rendition, index) => index === 0 || scaleOf(camera, rendition) <= 1);
  return shaped(camera, enough);
}

/** The same of a screen or window, of which no pixel is to be missed: a better one wherever the one below is smaller. */
export function offeredScreen(source: Size): readonly VideoTrack[] {
  const needed = SCREEN.filter((_, index) => {
    const below = SCREEN[index - 1];
    return below === undefined || scaleOf(source, below) < 1;
  });
  return shaped(source, needed);
}
