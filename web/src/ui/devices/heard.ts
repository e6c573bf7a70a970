/** What the own microphone gives, judged look by look: nothing at all, or speech that nobody hears. Pure. */

import { VOICE_DBOV } from "../../media/level.ts";

/** Less than half a step of 16 bits: a microphone that is alive has at least its own noise above. */
const NOTHING_DBOV = 96;
/** So long nobody's microphone gives nothing by chance. */
const SILENT_MS = 10_000;
/** A page in the background looks rarely: two looks are no silence. */
const SILENT_LOOKS = 8;

/** How long nothing at all has come; null: something came. */
export type Silence = { readonly since: number; readonly looks: number } | null;

export function listenForSilence(before: Silence, dbov: number, now: number): Silence {
  return dbov < NOTHING_DBOV ? null : { since: before?.since ?? now, looks: (before?.looks ?? 0) + 1 };
}

export const isSilent = (silence: Silence, now: number): boolean =>
  silence !== null && now - silence.since >= SILENT_MS && silence.looks >= SILENT_LOOKS;

/** A cough and a chair are shorter. */
const SPEECH_MS = 700;
/** Between two syllables. */
const PAUSE_MS = 300;
/** As long as a short sentence takes to read. */
const TOLD_MS = 5_000;

export interface Speech {
  readonly since: number;
  readonly lastLoud: number;
  /** Until when the person is told. */
  readonly until: number;
}

export const NO_SPEECH: Speech = { since: 0, lastLoud: -Infinity, until: -Infinity };

export function listenForSpeech(before: Speech, dbov: number, now: number): Speech {
  if (dbov > VOICE_DBOV) {
    return before;
  }
  const since = now - before.lastLoud <= PAUSE_MS ? before.since : now;
  return { since, lastLoud: now, until: now - since >= SPEECH_MS ? now + TOLD_MS : before.until };
}
