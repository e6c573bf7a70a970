/**
 * One other participant: what they publish, and what of it is subscribed to. `settle` compares the
 * two after each change.
 */

import type { CatalogTrack } from "../engine/catalog.ts";
import { createPicture, type Picture } from "./decode/picture.ts";
import type { MixerPort } from "./decode/mixer-port.ts";
import { createVoice, type Voice } from "./decode/voice.ts";
import type { Subscriber } from "../moqt/types.ts";
import { follow, type Ask, type Following } from "./follow.ts";
import type { Subscribe } from "./types.ts";

/** Subscriber priorities: speech survives what pictures do not. */
const MIC_PRIORITY = 32;
const CAM_PRIORITY = 128;

export interface Person {
  setTracks(tracks: readonly CatalogTrack[]): void;
  setCanvas(canvas: OffscreenCanvas | undefined): void;
  /**
   * Subscribes to what is shown or heard and published, and to nothing else. What is subscribed to by
   * another session moves to this one; settles when it has.
   */
  settle(subscribe: Subscribe | undefined, isHeard: boolean): Promise<void>;
  picture(): Picture | undefined;
  voice(): Voice | undefined;
  /** The mixer's number for the voice. */
  voiceNumber(): number | undefined;
  /** True when nothing is known of them any more. */
  isGone(): boolean;
}

/** What is subscribed to now, and by which session. */
interface Followed {
  readonly track: string;
  readonly codec: string;
  subscribe: Subscribe;
  move(subscribe: Subscribe): Promise<void>;
  close(): void;
}

interface FollowedVoice extends Followed {
  readonly number: number;
  readonly voice: Voice;
}

/** A track that can be followed, and the session to ask. */
interface Wanted {
  readonly track: CatalogTrack;
  readonly subscribe: Subscribe;
}

const isOf = (followed: Followed | undefined, wanted: Wanted | undefined): boolean =>
  followed?.track === wanted?.track.name && followed?.codec === wanted?.track.codec;

async function moveTo(followed: Followed | undefined, wanted: Wanted | undefined): Promise<void> {
  if (followed === undefined || wanted === undefined || followed.subscribe === wanted.subscribe) return;
  followed.subscribe = wanted.subscribe;
  await followed.move(wanted.subscribe);
}

export function createPerson(
  participant: string,
  mixer: MixerPort,
  onSize: (width: number, height: number) => void,
): Person {
  let tracks: readonly CatalogTrack[] = [];
  let picture: Picture | undefined;
  let camera: Followed | undefined;
  let voice: FollowedVoice | undefined;

  const audible = () => voice?.voice.audible();
  const wanted = (role: "audio" | "video", subscribe: Subscribe | undefined): Wanted | undefined => {
    const track = tracks.find((each) => each.role === role);
    return track === undefined || subscribe === undefined ? undefined : { track, subscribe };
  };
  return {
    setTracks(published) {
      tracks = published;
    },
    setCanvas(canvas) {
      camera?.close();
      camera = undefined;
      picture = canvas === undefined ? undefined : createPicture(canvas, audible, onSize);
    },
    async settle(subscribe, isHeard) {
      const cam = picture === undefined ? undefined : wanted("video", subscribe);
      if (!isOf(camera, cam)) {
        camera?.close();
        camera = cam === undefined || picture === undefined ? undefined : watch(participant, cam, picture);
      }
      const mic = isHeard ? wanted("audio", subscribe) : undefined;
      if (!isOf(voice, mic)) {
        voice?.close();
        voice = mic === undefined ? undefined : hear(participant, mic, mixer);
      }
      await Promise.all([moveTo(camera, cam), moveTo(voice, mic)]);
    },
    picture: () => picture,
    voice: () => voice?.voice,
    voiceNumber: () => voice?.number,
    isGone: () => picture === undefined && tracks.length === 0,
  };
}

/** Follows a track by a session, and by the one it is moved to. */
function followTrack(
  participant: string,
  { track, subscribe }: Wanted,
  priority: number,
  subscriber: () => Subscriber,
): Followed {
  const asking = (by: Subscribe): Ask => (each) => by(participant, track.name, priority, each);
  const following: Following = follow(asking(subscribe), subscriber);
  return {
    track: track.name,
    codec: track.codec,
    subscribe,
    move: (by) => following.move(asking(by)),
    close: following.close,
  };
}

function watch(participant: string, wanted: Wanted, picture: Picture): Followed {
  const camera = followTrack(participant, wanted, CAM_PRIORITY, () => picture.subscriber(wanted.track.codec));
  const close = (): void => {
    camera.close();
    picture.stop();
  };
  return { ...camera, close };
}

/** Undefined when the mixer has no room for one more. */
function hear(participant: string, wanted: Wanted, mixer: MixerPort): FollowedVoice | undefined {
  const number = mixer.take();
  if (number === undefined) return undefined;
  const voice = createVoice(number, mixer.send);
  const microphone = followTrack(participant, wanted, MIC_PRIORITY, () => voice.subscriber);
  const close = (): void => {
    microphone.close();
    voice.close();
    mixer.giveBack(number);
  };
  return { ...microphone, close, number, voice };
}
