/** Properties of media objects: LOC's (draft-ietf-moq-loc-04) and ours, as docs/protocol.md uses them. */

import type { Properties } from "../moqt/types.ts";

/** Capture time in microseconds since the Unix epoch. */
const TIMESTAMP = 0x10;
/** RFC 6464: bit 7 voice activity, bits 0-6 level in -dBov. */
const AUDIO_LEVEL = 0x0c;
/** Ours, on the first object of a group: the rendition it is of, such as `mid`. */
const RENDITION = 0x4d53_0001;
const RENDITION_NAME = /^[a-z0-9-]{1,16}$/;

/** How loud a block of sound is; `dbov` 0 is as loud as can be, 127 is silence. */
export interface AudioLevel {
  readonly dbov: number;
  readonly isVoice: boolean;
}

export interface Loc {
  /** Unix time in ms; undefined when the publisher does not tell. */
  readonly capturedAt: number | undefined;
  readonly level: AudioLevel | undefined;
  readonly rendition: string | undefined;
}

export function locProperties(capturedAt: number, { level, rendition }: Partial<Omit<Loc, "capturedAt">>): Properties {
  const properties = new Map<number, number | Uint8Array>([[TIMESTAMP, Math.round(capturedAt * 1_000)]]);
  if (level !== undefined) properties.set(AUDIO_LEVEL, (level.isVoice ? 0x80 : 0) | (level.dbov & 0x7f));
  if (rendition !== undefined) properties.set(RENDITION, new TextEncoder().encode(rendition));
  return properties;
}

export function readLoc(properties: Properties): Loc {
  const timestamp = properties.get(TIMESTAMP);
  const level = properties.get(AUDIO_LEVEL);
  const rendition = properties.get(RENDITION);
  return {
    capturedAt: typeof timestamp === "number" ? timestamp / 1_000 : undefined,
    level:
      typeof level === "number" && level <= 0xff
        ? { dbov: level & 0x7f, isVoice: (level & 0x80) !== 0 }
        : undefined,
    rendition: rendition instanceof Uint8Array ? renditionOf(rendition) : undefined,
  };
}

function renditionOf(bytes: Uint8Array): string | undefined {
  const name = new TextDecoder().decode(bytes);
  return RENDITION_NAME.test(name) ? name : undefined;
}
