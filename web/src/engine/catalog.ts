/**
 * The catalog: what a participant publishes and how it is encoded (draft-ietf-moq-msf, as used in
 * docs/protocol.md). Read with suspicion, since it comes from another participant.
 */

/** Where pictures come from: the renditions of each share the name before the "/". */
export type PictureKind = "cam" | "screen";

export interface AudioTrack {
  readonly name: "mic";
  readonly role: "audio";
  readonly codec: "opus";
  readonly samplerate: number;
  readonly bitrate: number;
}

export interface VideoTrack {
  readonly name: `${PictureKind}/${string}`;
  readonly role: "video";
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly framerate: number;
  readonly bitrate: number;
}

export type CatalogTrack = AudioTrack | VideoTrack;

const VERSION = "1";
/** A catalog of ours takes 500 bytes. */
const CATALOG_CHARS_MAX = 16_384;
const TRACKS_MAX = 16;
/** Renditions of one source share a number. */
const ALT_GROUPS: Readonly<Record<PictureKind, number>> = { cam: 1, screen: 2 };
/** Twice the widest rendition anyone of us sends. */
const SIDE_MAX = 4096;
const CODEC = /^[a-zA-Z0-9.]{1,32}$/;

export const kindOf = ({ name }: VideoTrack): PictureKind => (name.startsWith("cam/") ? "cam" : "screen");

/** The JSON of our own catalog. */
export function catalogText(tracks: readonly CatalogTrack[]): string {
  const common = { packaging: "loc", isLive: true };
  const entries = tracks.map((track) =>
    track.role === "audio"
      ? Object.assign({ channelConfig: "1" }, common, track)
      : Object.assign({ altGroup: ALT_GROUPS[kindOf(track)] }, common, track),
  );
  return JSON.stringify({ version: VERSION, tracks: entries });
}

/** The tracks we can play; undefined when it is no catalog of version 1. */
export function parseCatalog(text: string): readonly CatalogTrack[] | undefined {
  if (text.length > CATALOG_CHARS_MAX) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(json) || json["version"] !== VERSION || !Array.isArray(json["tracks"])) return undefined;
  const entries: unknown[] = json["tracks"].slice(0, TRACKS_MAX);
  const tracks = entries.map(trackOf).filter((track) => track !== undefined);
  // A name that comes twice means nothing: the first counts.
  return tracks.filter(({ name }, i) => tracks.findIndex((track) => track.name === name) === i);
}

function trackOf(entry: unknown): CatalogTrack | undefined {
  if (!isRecord(entry) || entry["packaging"] !== "loc") return undefined;
  const { name, role, codec } = entry;
  if (typeof name !== "string" || typeof codec !== "string" || !CODEC.test(codec)) return undefined;
  const bitrate = natural(entry["bitrate"], 1e9) ?? 0;
  if (name === "mic" && role === "audio" && codec === "opus") {
    const samplerate = natural(entry["samplerate"], 192_000);
    return samplerate === undefined ? undefined : { name, role, codec, samplerate, bitrate };
  }
  const [, kind, rendition] = /^(cam|screen)\/([a-z]{1,16})$/.exec(name) ?? [];
  const width = natural(entry["width"], SIDE_MAX);
  const height = natural(entry["height"], SIDE_MAX);
  if ((kind !== "cam" && kind !== "screen") || rendition === undefined || role !== "video" || width === undefined || height === undefined) {
    return undefined;
  }
  const framerate = natural(entry["framerate"], 240) ?? 30;
  return { name: `${kind}/${rendition}`, role, codec, width, height, framerate, bitrate };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const natural = (value: unknown, max: number): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0 && value <= max ? value : undefined;
