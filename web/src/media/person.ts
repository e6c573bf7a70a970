/**
 * One other participant: what they publish, and what of it is subscribed to. `settle` compares the
 * two after each change.
 */

import type { AudioTrack, CatalogTrack } from "../engine/catalog.ts";
import { choose, type Choice } from "./choose.ts";
import { createPicture, type Picture } from "./decode/picture.ts";
import type { MixerPort } from "./decode/mixer-port.ts";
import { createVoice, type Voice } from "./decode/voice.ts";
import { follow, type Following } from "./follow.ts";
import { stillness } from "./stillness.ts";
import type { OnPicture, Source } from "./types.ts";

/** Subscriber priorities: speech survives what pictures do not (`choose.ts`). */
const MIC_PRIORITY = 32;
/** Up to 31 the relay sends a voice however many others speak. */
const PINNED_MIC_PRIORITY = 24;
/** Speech that is later than this is not waited for (`jitter/audio-jitter.ts`). */
const OVERLAP_MS = 400;

export type Hearing = "pinned" | "amongOthers";

export interface Person {
  setTracks(tracks: readonly CatalogTrack[]): void;
  setCanvas(canvas: OffscreenCanvas | undefined): void;
  /** How tall their picture is shown, in pixels; 0 while nobody sees it. */
  setHeight(pixels: number, now: number): void;
  /** Whether their picture is left as it is, to spare the device. */
  setResting(isResting: boolean): void;
  /** How tall their picture is seen, in pixels; 0 while nobody sees it, or there is none. */
  seenHeight(): number;
  /**
   * Subscribes to what is shown or heard and published, and to nothing else. What is subscribed to by
   * another session or in another rendition moves; settles when it has.
   */
  settle(source: Source | undefined, hearing: Hearing | undefined): Promise<void>;
  tick(now: number): void;
  picture(): Picture | undefined;
  voice(): Voice | undefined;
  /** The mixer's number for the voice. */
  voiceNumber(): number | undefined;
  /** True when nothing is known of them any more. */
  isGone(): boolean;
}

/** What is subscribed to now, and by which session. */
interface Followed<Wanted> {
  readonly following: Following;
  wanted: Wanted;
  source: Source;
}

interface FollowedVoice extends Followed<AudioTrack> {
  readonly number: number;
  readonly voice: Voice;
  hearing: Hearing;
}

/** What is told of a picture, and how long each frame of it was in its decoder, in ms. */
export interface PersonEvents extends OnPicture {
  decoded(ms: number): void;
}

export function createPerson(participant: string, mixer: MixerPort, events: PersonEvents): Person {
  let tracks: readonly CatalogTrack[] = [];
  let height = 0;
  let isResting = false;
  let picture: Picture | undefined;
  let camera: Followed<Choice> | undefined;
  const hearer = createHearer(participant, mixer);
  const still = stillness();

  const audible = () => hearer.voice()?.audible();
  const closeCamera = (): void => {
    camera?.following.close();
    camera = undefined;
    picture?.stop();
  };
  const settleCamera = async (source: Source | undefined, isPinned: boolean): Promise<void> => {
    const wanted = source === undefined ? undefined : choose(tracks, { height: isResting ? 0 : height, isPinned }, source.hasSwitchingTracks);
    if (picture === undefined || source === undefined || wanted === undefined) return closeCamera();
    if (camera === undefined) {
      camera = watch(participant, { wanted, source }, picture);
      return undefined;
    }
    return turnTo(participant, camera, { wanted, source });
  };
  return {
    setTracks(published) {
      tracks = published;
    },
    setCanvas(canvas) {
      closeCamera();
      const told = { onSize: (...sides: [number, number]) => events.size(participant, ...sides), onDecoded: events.decoded };
      picture = canvas === undefined ? undefined : createPicture(canvas, audible, told);
    },
    setHeight(pixels, now) {
      height = pixels;
      still.setSeen(pixels > 0, now);
    },
    setResting(isToRest) {
      isResting = isToRest;
    },
    seenHeight: () => (picture !== undefined && tracks.some(({ role }) => role === "video") ? height : 0),
    async settle(source, hearing) {
      const speech = tracks.find((track) => track.role === "audio");
      await Promise.all([settleCamera(source, hearing === "pinned"), hearer.settle(source, hearing, speech)]);
    },
    tick(now) {
      hearer.voice()?.tick(now);
      picture?.tick(now);
      const change = still.look(picture?.drawnAt(), now);
      if (change !== undefined) events.still(participant, change.since);
    },
    picture: () => picture,
    voice: hearer.voice,
    voiceNumber: hearer.number,
    isGone: () => picture === undefined && tracks.length === 0,
  };
}

interface Hearer {
  settle(source: Source | undefined, hearing: Hearing | undefined, speech: AudioTrack | undefined): Promise<void>;
  voice(): Voice | undefined;
  number(): number | undefined;
}

/** Subscribes to what somebody says, while it is listened to. */
function createHearer(participant: string, mixer: MixerPort): Hearer {
  let voice: FollowedVoice | undefined;
  const close = (): void => {
    if (voice === undefined) return;
    voice.following.close();
    voice.voice.close();
    mixer.giveBack(voice.number);
    voice = undefined;
  };
  return {
    async settle(source, hearing, wanted) {
      if (source === undefined || hearing === undefined || wanted === undefined) return close();
      if (voice === undefined) {
        voice = hear(participant, { wanted, source, hearing }, mixer);
        return undefined;
      }
      if (voice.source === source && voice.hearing === hearing) return undefined;
      voice.source = source;
      voice.hearing = hearing;
      return voice.following.move(asking(participant, voice, micOptions(hearing)));
    },
    voice: () => voice?.voice,
    number: () => voice?.number,
  };
}

type Asked<Wanted> = Omit<Followed<Wanted>, "following">;

const micOptions = (hearing: Hearing) => () => ({ priority: hearing === "pinned" ? PINNED_MIC_PRIORITY : MIC_PRIORITY });
const camOptions = ({ priority, pictureHeightMax }: Choice) => (pictureHeightMax === undefined ? { priority } : { priority, pictureHeightMax });

/** Asks for what is wanted at that moment: of the same track something may have changed since. */
function asking<Wanted extends AudioTrack | Choice>(
  participant: string,
  asked: Asked<Wanted>,
  optionsOf: (wanted: Wanted) => { readonly priority: number },
): Parameters<typeof follow>[0] {
  const { source } = asked;
  const track = nameOf(asked.wanted);
  return (subscriber) => source.subscribe(participant, track, optionsOf(asked.wanted), subscriber);
}

const nameOf = (wanted: AudioTrack | Choice): string => ("track" in wanted ? wanted.track : wanted.name);

function watch(participant: string, asked: Asked<Choice>, picture: Picture): Followed<Choice> {
  const followed: Asked<Choice> = { ...asked };
  // Of the track that is asked for when the first object is there.
  const subscriber = () => picture.subscriber(followed.wanted.track, followed.wanted.codec);
  const following = follow(asking(participant, followed, camOptions), subscriber);
  return Object.assign(followed, { following });
}

/** Changes what is asked of a camera without a moment that has no picture. */
async function turnTo(participant: string, camera: Followed<Choice>, { wanted, source }: Asked<Choice>): Promise<void> {
  const before = { wanted: camera.wanted, source: camera.source };
  camera.wanted = wanted;
  camera.source = source;
  const isSame = before.source === source && (["track", "codec", "priority"] as const).every((of) => before.wanted[of] === wanted[of]);
  if (!isSame) return camera.following.move(asking(participant, camera, camOptions));
  if (wanted.pictureHeightMax !== undefined && wanted.pictureHeightMax !== before.wanted.pictureHeightMax) {
    camera.following.setPictureHeightMax(wanted.pictureHeightMax);
  }
  return undefined;
}

/** Undefined when the mixer has no room for one more. */
function hear(
  participant: string,
  asked: Asked<AudioTrack> & { hearing: Hearing },
  mixer: MixerPort,
): FollowedVoice | undefined {
  const number = mixer.take();
  if (number === undefined) return undefined;
  const voice = createVoice(number, mixer.send);
  const followed = { ...asked };
  const following = follow(asking(participant, followed, micOptions(asked.hearing)), () => voice.subscriber, OVERLAP_MS);
  return Object.assign(followed, { following, number, voice });
}
