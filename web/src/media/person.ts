/**
 * One other participant: what they publish, and what of it is subscribed to. `settle` compares the
 * two after each change.
 */

import type { CatalogTrack } from "../engine/catalog.ts";
import { createPicture, type Picture } from "./decode/picture.ts";
import type { MixerPort } from "./decode/mixer-port.ts";
import { createVoice, type Voice } from "./decode/voice.ts";
import { follow } from "./follow.ts";
import type { Subscribe } from "./types.ts";

/** Subscriber priorities: speech survives what pictures do not. */
const MIC_PRIORITY = 32;
const CAM_PRIORITY = 128;

export interface Person {
  setTracks(tracks: readonly CatalogTrack[]): void;
  setCanvas(canvas: OffscreenCanvas | undefined): void;
  /** Subscribes to what is shown or heard and published, and to nothing else. */
  settle(subscribe: Subscribe | undefined, isHeard: boolean): void;
  picture(): Picture | undefined;
  voice(): Voice | undefined;
  /** The mixer's number for the voice. */
  voiceNumber(): number | undefined;
  /** True when nothing is known of them any more. */
  isGone(): boolean;
}

/** What is subscribed to now, and for which session and codec. */
interface Followed {
  readonly track: string;
  readonly codec: string;
  readonly subscribe: Subscribe;
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
  followed?.subscribe === wanted?.subscribe &&
  followed?.track === wanted?.track.name &&
  followed?.codec === wanted?.track.codec;

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
    settle(subscribe, isHeard) {
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
    },
    picture: () => picture,
    voice: () => voice?.voice,
    voiceNumber: () => voice?.number,
    isGone: () => picture === undefined && tracks.length === 0,
  };
}

function watch(participant: string, { track, subscribe }: Wanted, picture: Picture): Followed {
  const following = follow(
    (subscriber) => subscribe(participant, track.name, CAM_PRIORITY, subscriber),
    () => picture.subscriber(track.codec),
  );
  const close = (): void => {
    following.close();
    picture.stop();
  };
  return { track: track.name, codec: track.codec, subscribe, close };
}

/** Undefined when the mixer has no room for one more. */
function hear(participant: string, { track, subscribe }: Wanted, mixer: MixerPort): FollowedVoice | undefined {
  const number = mixer.take();
  if (number === undefined) return undefined;
  const voice = createVoice(number, mixer.send);
  const following = follow(
    (subscriber) => subscribe(participant, track.name, MIC_PRIORITY, subscriber),
    () => voice.subscriber,
  );
  const close = (): void => {
    following.close();
    voice.close();
    mixer.giveBack(number);
  };
  return { track: track.name, codec: track.codec, subscribe, close, number, voice };
}
