/**
 * One other participant: what they publish, and what of it is subscribed to. `settle` compares the
 * two after each change.
 */

import type { AudioTrack, CatalogTrack, PictureKind } from "../engine/catalog.ts";
import type { MixerPort } from "./decode/mixer-port.ts";
import { createVoice, type Voice } from "./decode/voice.ts";
import { follow, type Ask, type Following } from "./follow.ts";
import { createSight, type Sight, type SightEvents } from "./sight.ts";
import type { Source } from "./types.ts";

/** Subscriber priorities: speech survives what pictures do not (`choose.ts`). */
const MIC_PRIORITY = 32;
/** Up to 31 the relay sends a voice however many others speak. */
const PINNED_MIC_PRIORITY = 24;
/** Speech that is later than this is not waited for (`jitter/audio-jitter.ts`). */
const OVERLAP_MS = 400;

export type Hearing = "pinned" | "amongOthers";

export interface Person {
  setTracks(tracks: readonly CatalogTrack[]): void;
  /** Their pictures, which are told what happens to them between two calls of `settle`. */
  readonly sights: Readonly<Record<PictureKind, Sight>>;
  /**
   * Subscribes to what is shown or heard and published, and to nothing else. What is subscribed to by
   * another session or in another rendition moves; settles when it has.
   */
  settle(source: Source | undefined, hearing: Hearing | undefined): Promise<void>;
  tick(now: number): void;
  voice(): Voice | undefined;
  /** The mixer's number for the voice. */
  voiceNumber(): number | undefined;
  /** True when nothing is known of them any more. */
  isGone(): boolean;
}

interface FollowedVoice {
  readonly following: Following;
  readonly number: number;
  readonly voice: Voice;
  source: Source;
  hearing: Hearing;
}

export function createPerson(participant: string, mixer: MixerPort, onPicture: SightEvents): Person {
  let tracks: readonly CatalogTrack[] = [];
  let voice: FollowedVoice | undefined;
  const audible = () => voice?.voice.audible();
  const sightOf = (kind: PictureKind): Sight => createSight({ participant, kind, audible, onPicture });
  const sights = { cam: sightOf("cam"), screen: sightOf("screen") };
  const all = [sights.cam, sights.screen];

  const closeVoice = (): void => {
    if (voice === undefined) return;
    voice.following.close();
    voice.voice.close();
    mixer.giveBack(voice.number);
    voice = undefined;
  };
  const settleVoice = async (source: Source | undefined, hearing: Hearing | undefined): Promise<void> => {
    const wanted = tracks.find((track) => track.role === "audio");
    if (source === undefined || hearing === undefined || wanted === undefined) return closeVoice();
    if (voice === undefined) {
      voice = hear(participant, { wanted, source, hearing }, mixer);
      return undefined;
    }
    if (voice.source === source && voice.hearing === hearing) return undefined;
    voice.source = source;
    voice.hearing = hearing;
    return voice.following.move(asking(participant, { wanted, source, hearing }));
  };
  return {
    sights,
    setTracks(published) {
      tracks = published;
    },
    async settle(source, hearing) {
      const pictures = all.map((sight) => sight.settle(tracks, source, hearing === "pinned"));
      await Promise.all([...pictures, settleVoice(source, hearing)]);
    },
    tick(now) {
      voice?.voice.tick(now);
      for (const sight of all) sight.tick(now);
    },
    voice: () => voice?.voice,
    voiceNumber: () => voice?.number,
    isGone: () => tracks.length === 0 && all.every((sight) => sight.picture() === undefined),
  };
}

interface AskedVoice {
  readonly wanted: AudioTrack;
  readonly source: Source;
  readonly hearing: Hearing;
}

const asking =
  (participant: string, { wanted, source, hearing }: AskedVoice): Ask =>
  (subscriber) =>
    source.subscribe(participant, wanted.name, { priority: hearing === "pinned" ? PINNED_MIC_PRIORITY : MIC_PRIORITY }, subscriber);

/** Undefined when the mixer has no room for one more. */
function hear(participant: string, asked: AskedVoice, mixer: MixerPort): FollowedVoice | undefined {
  const number = mixer.take();
  if (number === undefined) return undefined;
  const voice = createVoice(number, mixer.send);
  const following = follow(asking(participant, asked), () => voice.subscriber, OVERLAP_MS);
  return { following, number, voice, source: asked.source, hearing: asked.hearing };
}
