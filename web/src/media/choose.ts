/** Which track to ask for to see a picture: pure, over what its publisher has and how tall it is shown. */

import { kindOf, type CatalogTrack, type PictureKind, type VideoTrack } from "../engine/catalog.ts";

/**
 * Subscriber priorities: on a line with room for few pictures what is read comes first, then cameras of those
 * who are pinned, and they become better first.
 */
const SCREEN_PRIORITY = 96;
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
  readonly kind: PictureKind;
  /** How tall the picture is shown, in pixels; 0: nobody sees it. */
  readonly height: number;
  readonly isPinned: boolean;
}

/**
 * Undefined when there is nothing to see, or nobody who sees it. Where the relay does not switch, the
 * smallest rendition that is as tall as it is shown, else the tallest.
 */
export function choose(tracks: readonly CatalogTrack[], { kind, height, isPinned }: Watching, hasSwitchingTracks: boolean): Choice | undefined {
  const renditions = tracks.filter((track): track is VideoTrack => track.role === "video" && kindOf(track) === kind).toSorted((a, b) => a.height - b.height);
  const best = renditions.find((rendition) => rendition.height >= height) ?? renditions.at(-1);
  if (best === undefined || height <= 0) return undefined;
  const { codec } = best;
  const priority = kind === "screen" ? SCREEN_PRIORITY : isPinned ? PINNED_PRIORITY : PRIORITY;
  if (hasSwitchingTracks && haveOneCodec(renditions)) {
    // The relay's own track, whose groups are those of the renditions, is called as they begin. Of one rendition
    // too: as a picture it has its share of the line, and its enhancement layers can be left out.
    return { track: kind, codec, pictureHeightMax: Math.min(Math.ceil(height), HEIGHT_MAX), priority };
  }
  return { track: best.name, codec, pictureHeightMax: undefined, priority };
}

const haveOneCodec = (renditions: readonly VideoTrack[]): boolean =>
  renditions.every(({ codec }) => codec === renditions[0]?.codec);
