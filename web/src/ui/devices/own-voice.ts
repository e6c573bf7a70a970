/**
 * Looks on this device whether the own microphone gives nothing, and whether this person speaks while they are
 * muted. For the second a muted microphone stays open; what it gives goes nowhere.
 */

import { computed, effect, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { measureDbov } from "../../media/level.ts";
import { NO_SPEECH, isSilent, listenForSilence, listenForSpeech } from "./heard.ts";
import type { Silence } from "./heard.ts";
import { pushesToTalk, wantsMutedHint } from "./settings.ts";
import { openMeter } from "./sound-meter.ts";
import type { Source } from "./source.ts";

const LOOK_EVERY_MS = 100;

export interface OwnVoice {
  /** The microphone is on and gives nothing. */
  readonly isSilent: ReadonlySignal<boolean>;
  /** This person speaks and nobody hears them. */
  readonly isUnheard: ReadonlySignal<boolean>;
  /** Whether a muted microphone stays open to notice that. */
  readonly tellsMuted: ReadonlySignal<boolean>;
  /** The person knows; until the microphone is switched the next time. */
  dismiss(): void;
  close(): void;
}

export function watchOwnVoice(mic: Source, isModerator: ReadonlySignal<boolean>): OwnVoice {
  const silent = signal(false);
  const unheard = signal(false);
  const isDismissed = signal(false);
  // Who teaches is missed most when nobody hears them; a pupil's microphone is open only when they say so.
  const tellsMuted = computed(() => wantsMutedHint.value ?? isModerator.value);
  const ends = [
    effect(() => {
      mic.keeps.value = tellsMuted.value || pushesToTalk.value;
    }),
    effect(() => {
      const state = mic.state.value;
      isDismissed.value = false;
      return state.state === "on" ? lookForSilence(state.track, (is) => (silent.value = is)) : undefined;
    }),
    effect(() => {
      const track = tellsMuted.value ? mic.kept.value : null;
      return track === null ? undefined : lookForSpeech(track, (is) => (unheard.value = is));
    }),
  ];
  return {
    isSilent: computed(() => silent.value && !isDismissed.value),
    isUnheard: computed(() => unheard.value && !isDismissed.value),
    tellsMuted,
    dismiss: () => (isDismissed.value = true),
    close: () => {
      ends.forEach((end) => end());
      mic.keeps.value = false;
    },
  };
}

function lookForSilence(track: MediaStreamTrack, tell: (isSilent: boolean) => void): () => void {
  let silence: Silence = null;
  return lookAt(track, tell, (dbov, now) => {
    silence = listenForSilence(silence, dbov, now);
    return isSilent(silence, now);
  });
}

function lookForSpeech(track: MediaStreamTrack, tell: (isUnheard: boolean) => void): () => void {
  let speech = NO_SPEECH;
  return lookAt(track, tell, (dbov, now) => {
    speech = listenForSpeech(speech, dbov, now);
    return now < speech.until;
  });
}

/** Looks at the loudness of `track` until the answer is called; then there is nothing to tell. */
function lookAt(track: MediaStreamTrack, tell: (is: boolean) => void, judge: (dbov: number, now: number) => boolean): () => void {
  const meter = openMeter(track);
  const timer = setInterval(() => {
    const samples = meter.read();
    if (samples !== undefined) {
      tell(judge(measureDbov(samples), performance.now()));
    }
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    meter.close();
    tell(false);
  };
}
