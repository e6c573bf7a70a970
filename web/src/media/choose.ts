/** Which track to ask for to see someone: pure, over what they publish and how tall it is shown. */

import type { CatalogTrack, VideoTrack } from "../engine/catalog.ts";

/** The relay's own track of a camera, whose groups are those of its renditions. */
const SWITCHING = "cam";
/** Subscriber priorities: on a line with room for few pictures those that are pinned come first, and become better first. */
const PRIORITY = 128;
const PINNED_PRIORITY = 112;
/** The largest PICTURE_HEIGHT_MAX. */
const HEIGHT_MAX = 65_535;

export interface Choice {
  readonly track: string;
  readonly codec: string;
  /** For a switching track: nothing taller is needed. */
  readonly pictureHeightMax: number | undefined;
  readonly priority: number;
}

export interface Watching {
  /** How tall the picture is shown, in pixels; 0: nobody sees it. */
  readonly height: number;
  readonly isPinned: boolean;
}

/**
 * Undefined when there is nothing to see, or nobody who sees it. Where the relay does not switch, the
 * smallest rendition that is as tall as it is shown, else the tallest.
 */
export function choose(tracks: readonly CatalogTrack[], { height, isPinned }: Watching, hasSwitchingTracks: boolean): Choice | undefined {
  const renditions = tracks.filter((track) => track.role === "video").toSorted((a, b) => a.height - b.height);
  const best = renditions.find((rendition) => rendition.height >= height) ?? renditions.at(-1);
  if (best === undefined || height <= 0) return undefined;
  const { codec } = best;
  const priority = isPinned ? PINNED_PRIORITY : PRIORITY;
  if (hasSwitchingTracks && renditions.length > 1 && haveOneCodec(renditions)) {
    return { track: SWITCHING, codec, pictureHeightMax: Math.min(Math.ceil(height), HEIGHT_MAX), priority };
  }
  return { track: best.name, codec, pictureHeightMax: undefined, priority };
}

const haveOneCodec = (renditions: readonly VideoTrack[]): boolean =>
  renditions.every(({ codec }) => codec === renditions[0]?.codec);
