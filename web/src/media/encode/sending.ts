/** How pictures are sent: what is different with a camera, which moves, and a screen, which is read. */

import type { VideoTrack } from "../../engine/catalog.ts";
import { LAYERS_MAX } from "../layer-ids.ts";
import { framePace, sharpPace, type Pace } from "./pace.ts";
import { CAM, DOCUMENT, offered, offeredScreen, SCREEN, type Size } from "./rendition.ts";

export interface Sending {
  /** Lowest first. */
  readonly renditions: readonly VideoTrack[];
  /** Those that a source of this size is sent in, with the size that they have then. */
  readonly offered: (source: Size) => readonly VideoTrack[];
  /** docs/protocol.md */
  readonly priority: number;
  /** Temporal layers, where the browser has them. */
  readonly layers: number;
  /** ms from a key frame to the next one where nobody asks for it. */
  readonly keyEveryMs: number;
  /** For how long line and processor may be busy with one picture (`uplink.ts`). */
  readonly patienceMs: number;
  readonly paceOf: (rendition: VideoTrack) => Pace;
  /** Pictures a second among which an encoder divides its bits. */
  readonly framerateOf: (rendition: VideoTrack) => number;
  /** Of the W3C's "MediaStreamTrack Content Hints"; newer than the DOM types of encoders. */
  readonly contentHint?: "text";
}

/** Of a screen's pictures a second those that are left when each of them is expensive. */
const SHARP_PART = 3;

/**
 * Who joins, switches or lost a group waits no longer than this for a key frame where nobody can ask for a
 * new one. In longer groups they would cost less, and the backlog of whoever joins more.
 */
export const CAMERA: Sending = {
  renditions: CAM,
  offered,
  priority: 160,
  layers: LAYERS_MAX,
  keyEveryMs: 2_000,
  patienceMs: 500,
  paceOf: ({ framerate }) => framePace(framerate),
  framerateOf: ({ framerate }) => framerate,
};

/** The same of a camera that shows paper. */
export const PAPER: Sending = { ...CAMERA, renditions: DOCUMENT, offered: (camera) => offered(camera, DOCUMENT) };

/**
 * No layers: what changes once must not wait for a picture of the base layer. Its key frames are large and
 * blur what was sharp for a moment, so they are rarer; who needs one asks. Another page of text is one picture that
 * keeps a slow line busy for longer than a camera ever does.
 */
export const SCREEN_SHARE: Sending = {
  renditions: SCREEN,
  offered: offeredScreen,
  priority: 128,
  layers: 1,
  keyEveryMs: 4_000,
  patienceMs: 1_500,
  paceOf: ({ framerate, bitrate }) => sharpPace({ most: framerate, least: framerate / SHARP_PART, bitrate }),
  framerateOf: ({ framerate }) => framerate / SHARP_PART,
  contentHint: "text",
};
