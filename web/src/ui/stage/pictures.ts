/** What the engine says of pictures (`picture-name.ts`), as signals. */

import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { FromEngine, PictureReport, SentReport } from "../../engine/messages.ts";

/** A frame younger than this is the camera's present, not its past. */
const FRESH_MS = 1_000;

/** What comes of a camera or screen. */
export interface Received {
  /** Such as `mid`. */
  readonly rendition: string;
  readonly framesPerSecond: number;
}

export interface PictureView {
  /** Pictures that have arrived. */
  readonly arrived: ReadonlySignal<ReadonlySet<string>>;
  /** Pictures that stand still, and since when (Unix ms): their age counts from there. */
  readonly still: ReadonlySignal<ReadonlyMap<string, number>>;
  readonly received: ReadonlySignal<ReadonlyMap<string, Received>>;
  /** Participants whose picture rests to spare this device. */
  readonly resting: ReadonlySignal<ReadonlySet<string>>;
  /** Temporal layers that our line has room for, of each rendition of our camera and screen. */
  readonly sent: ReadonlySignal<SentReport["layers"]>;
}

export interface Pictures extends PictureView {
  take(message: Extract<FromEngine, { readonly kind: "picture" | "still" | "report" }>): void;
  /** Forgets what is off. */
  keepOnly(isOn: (picture: string) => boolean): void;
}

export function createPictures(): Pictures {
  const arrived = signal<ReadonlySet<string>>(new Set());
  const still = signal<ReadonlyMap<string, number>>(new Map());
  const received = signal<ReadonlyMap<string, Received>>(new Map());
  const resting = signal<ReadonlySet<string>>(new Set());
  const sent = signal<SentReport["layers"]>({});

  const arrive = (ids: readonly string[]): void => {
    if (ids.some((id) => !arrived.peek().has(id))) arrived.value = new Set([...arrived.peek(), ...ids]);
  };
  const takeStill = (picture: string, since: number | undefined): void => {
    const others = [...still.peek()].filter(([id]) => id !== picture);
    still.value = new Map(since === undefined ? others : [...others, [picture, since]]);
  };
  const takeReports = (reports: Readonly<Record<string, PictureReport>>): void => {
    // A camera that comes back in its old size is told by reports alone.
    arrive(Object.keys(reports).filter((id) => isFresh(reports[id])));
    const now = new Map<string, Received>();
    for (const [id, { rendition, framesPerSecond }] of Object.entries(reports)) {
      if (rendition !== undefined) now.set(id, { rendition, framesPerSecond });
    }
    received.value = now;
  };
  return {
    arrived,
    still,
    received,
    resting,
    sent,
    take(message) {
      if (message.kind === "picture") arrive([message.picture]);
      else if (message.kind === "still") takeStill(message.picture, message.since);
      else {
        if (JSON.stringify(sent.peek()) !== JSON.stringify(message.sent.layers)) sent.value = message.sent.layers;
        takeReports(message.pictures);
        if (message.resting.join() !== [...resting.peek()].join()) resting.value = new Set(message.resting);
      }
    },
    keepOnly(isOn) {
      const kept = [...arrived.peek()].filter(isOn);
      if (kept.length !== arrived.peek().size) arrived.value = new Set(kept);
    },
  };
}

function isFresh(picture: PictureReport | undefined): boolean {
  return picture !== undefined && picture.framesDecoded > 0 && picture.ageMs < FRESH_MS;
}
