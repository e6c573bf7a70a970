/** Who speaks, from audio levels: quick to show, slow to forget, so that rings do not flicker. */

/** Above the noise of a quiet room behind a laptop's microphone. */
const SPEAKING_LEVEL = 0.06;
/** Loud this long before it shows: a cough is shorter. */
const ATTACK_MS = 300;
/** Stays through the pauses between words. */
const HOLD_MS = 1_500;

export interface Voice {
  readonly loudSince: number | null;
  readonly speakingUntil: number;
}

export type Voices = ReadonlyMap<string, Voice>;

export function hear(voices: Voices, levels: Readonly<Record<string, number>>, now: number): Voices {
  const next = new Map<string, Voice>();
  for (const [id, level] of Object.entries(levels)) {
    const before = voices.get(id) ?? { loudSince: null, speakingUntil: 0 };
    const isLoud = level >= SPEAKING_LEVEL;
    const loudSince = isLoud ? (before.loudSince ?? now) : null;
    const isSpeaking = loudSince !== null && (now - loudSince >= ATTACK_MS || now < before.speakingUntil);
    next.set(id, { loudSince, speakingUntil: isSpeaking ? now + HOLD_MS : before.speakingUntil });
  }
  return next;
}

/** Ids that speak at `now`; `before` itself when they are the same, so that signals stay quiet. */
export function speakers(voices: Voices, now: number, before: ReadonlySet<string>): ReadonlySet<string> {
  const speaking = new Set([...voices].filter(([, voice]) => now < voice.speakingUntil).map(([id]) => id));
  const isSame = speaking.size === before.size && [...speaking].every((id) => before.has(id));
  return isSame ? before : speaking;
}
