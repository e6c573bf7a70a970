/** One picture of a participant, of the camera or the screen: what is subscribed to for it, and whether it moves. */

import type { CatalogTrack, PictureKind } from "../engine/catalog.ts";
import { nameOfPicture } from "../engine/picture-name.ts";
import { choose, type Choice } from "./choose.ts";
import { createPicture, type Picture } from "./decode/picture.ts";
import { follow, type Ask, type Following } from "./follow.ts";
import type { Playhead } from "./jitter/audio-jitter.ts";
import { stillness } from "./stillness.ts";
import type { OnPicture, Source } from "./types.ts";

/** From when on a picture stands still: a screen on which nothing moves comes once a second all the same. */
const STILL_MS: Readonly<Record<PictureKind, number>> = { cam: 1_000, screen: 3_000 };

export interface Sight {
  setCanvas(canvas: OffscreenCanvas | undefined): void;
  /** How tall it is shown, in pixels; 0 while nobody sees it. */
  setHeight(pixels: number, now: number): void;
  /** Whether it is left as it is, to spare the device. */
  setResting(isResting: boolean): void;
  /** How tall it is seen, in pixels; 0 while nobody sees it, or there is none. */
  seenHeight(): number;
  /** Subscribes to what of `tracks` is shown, and to nothing else; settles when it has moved. */
  settle(tracks: readonly CatalogTrack[], source: Source | undefined, isPinned: boolean): Promise<void>;
  tick(now: number): void;
  picture(): Picture | undefined;
}

/** What is subscribed to now, and by which session. */
interface Asked {
  wanted: Choice;
  source: Source;
}

interface Followed extends Asked {
  readonly following: Following;
}

/** What is told of a picture, and how long each frame of it was in its decoder, in ms. */
export interface SightEvents extends OnPicture {
  decoded(ms: number): void;
}

export interface SightOf {
  readonly participant: string;
  readonly kind: PictureKind;
  /** What the participant says right now, while it plays. */
  readonly audible: () => Playhead | undefined;
  readonly onPicture: SightEvents;
}

export function createSight({ participant, kind, audible, onPicture }: SightOf): Sight {
  const name = nameOfPicture({ participant, kind });
  const still = stillness(STILL_MS[kind]);
  let height = 0;
  let isResting = false;
  let isOn = false;
  let picture: Picture | undefined;
  let followed: Followed | undefined;

  const close = (): void => {
    followed?.following.close();
    followed = undefined;
    picture?.stop();
  };
  return {
    setCanvas(canvas) {
      close();
      const told = { onSize: (...sides: [number, number]) => onPicture.size(name, ...sides), onDecoded: onPicture.decoded };
      picture = canvas === undefined ? undefined : createPicture(canvas, audible, told);
    },
    setHeight(pixels, now) {
      height = pixels;
      still.setSeen(pixels > 0, now);
    },
    setResting(isToRest) {
      isResting = isToRest;
    },
    seenHeight: () => (picture !== undefined && isOn ? height : 0),
    async settle(tracks, source, isPinned) {
      const seen = source === undefined ? undefined : choose(tracks, { kind, height, isPinned }, source.hasSwitchingTracks);
      isOn = seen !== undefined;
      const wanted = isResting ? undefined : seen;
      if (picture === undefined || source === undefined || wanted === undefined) return close();
      if (followed === undefined) {
        followed = watch(participant, { wanted, source }, picture);
        return undefined;
      }
      return turnTo(participant, followed, { wanted, source });
    },
    tick(now) {
      picture?.tick(now);
      const change = still.look(picture?.drawnAt(), now);
      if (change !== undefined) onPicture.still(name, change.since);
    },
    picture: () => picture,
  };
}

const optionsOf = ({ priority, pictureHeightMax }: Choice) => (pictureHeightMax === undefined ? { priority } : { priority, pictureHeightMax });

/** Asks for what is wanted at that moment: of the same track something may have changed since. */
function asking(participant: string, asked: Asked): Ask {
  const { source } = asked;
  const { track } = asked.wanted;
  return (subscriber) => source.subscribe(participant, track, optionsOf(asked.wanted), subscriber);
}

function watch(participant: string, asked: Asked, picture: Picture): Followed {
  const followed: Asked = { ...asked };
  // Of the track that is asked for when the first object is there.
  const subscriber = () => picture.subscriber(followed.wanted.track, followed.wanted.codec);
  const following = follow(asking(participant, followed), subscriber);
  return Object.assign(followed, { following });
}

/** Changes what is asked for without a moment that has no picture. */
async function turnTo(participant: string, followed: Followed, { wanted, source }: Asked): Promise<void> {
  const before = { wanted: followed.wanted, source: followed.source };
  followed.wanted = wanted;
  followed.source = source;
  const isSame = before.source === source && (["track", "codec", "priority"] as const).every((of) => before.wanted[of] === wanted[of]);
  if (!isSame) return followed.following.move(asking(participant, followed));
  if (wanted.pictureHeightMax !== undefined && wanted.pictureHeightMax !== before.wanted.pictureHeightMax) {
    followed.following.setPictureHeightMax(wanted.pictureHeightMax);
  }
  return undefined;
}
