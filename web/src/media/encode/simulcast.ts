/**
 * The renditions of a camera or a screen as tracks: each has an encoder while someone subscribes to it, and
 * none while our line is too slow for it.
 */

import type { VideoTrack } from "../../engine/catalog.ts";
import type { TrackOffer, TrackRefusal } from "../../moqt/types.ts";
import { createFanOut, type FanOut } from "./fan-out.ts";
import { onStreams } from "./listener.ts";
import type { Size } from "./rendition.ts";
import type { Sending } from "./sending.ts";
import { decide, FULL_MS, limits, moved, OPEN_UPLINK, type Uplink } from "./uplink.ts";
import { createFrameEncoder, type FrameEncoder, type Sent } from "./video-encoder.ts";

const DELIVERY_TIMEOUT_MS = 1_000;
/** PUBLISH_DONE with EXCESSIVE_LOAD. */
const DONE_LOAD = 0x9;

export interface Simulcast {
  offer(track: string): TrackOffer | TrackRefusal | undefined;
  /** Temporal layers that are sent of each rendition that the source has. */
  layers(): Readonly<Record<string, number>>;
  /** The renditions that can be subscribed to, lowest first. */
  tracks(): readonly VideoTrack[];
  isWanted(): boolean;
  /** Somebody waits for a key frame. */
  wantsGroup(): boolean;
  /** The source is on, with pictures of this size; undefined: it is off. */
  setSource(size: Size | undefined): void;
  /** Takes the frame over and closes it. */
  take(frame: VideoFrame, now: number): void;
  /** Looks how line and processor cope; `now` is Unix time in ms. */
  tick(now: number): void;
}

interface Slot {
  readonly rendition: VideoTrack;
  readonly fan: FanOut;
  readonly encoder: FrameEncoder;
}

/** `onTracks` is called when the list of tracks may be another one. */
export function createSimulcast(sending: Sending, sent: Sent, onTracks: () => void): Simulcast {
  const slots = sending.renditions.map(slotOf(sending, sent));
  let source: Size | undefined;
  let renditions: readonly VideoTrack[] = [];
  let uplink: Uplink = OPEN_UPLINK;

  const layersOf = (index: number): number => limits(uplink, renditions.length)[index] ?? 0;
  /** What is sent follows from the source and the line. */
  const settle = (): void => {
    for (const [index, { fan }] of slots.entries()) {
      const layers = layersOf(index);
      if (index >= renditions.length) fan.end();
      else if (layers === 0) fan.giveUp(DONE_LOAD);
      else fan.setLayers(layers);
    }
    onTracks();
  };
  const setSource: Simulcast["setSource"] = (size) => {
    if (size?.width === source?.width && size?.height === source?.height) return;
    source = size;
    const before = renditions.length;
    renditions = size === undefined ? [] : sending.offered(size);
    uplink = size === undefined ? OPEN_UPLINK : moved(uplink, before, renditions.length);
    for (const { encoder } of slots) if (size === undefined) encoder.rest();
    settle();
  };
  return {
    offer(track) {
      const index = renditions.findIndex(({ name }) => name === track);
      const slot = slots[index];
      if (slot === undefined) return undefined;
      if (layersOf(index) === 0) return { retryAfterMs: uplink.backoffMs };
      return offerOf(sending, index, slot.fan);
    },
    layers: () => Object.fromEntries(renditions.map(({ name }, index) => [name, layersOf(index)])),
    tracks: () => renditions.filter((_, index) => layersOf(index) > 0),
    isWanted: () => slots.some(({ fan }) => fan.isWanted()),
    wantsGroup: () => slots.some(({ fan }) => fan.wantsGroup()),
    setSource,
    take(frame, now) {
      try {
        if (source !== undefined) setSource({ width: frame.displayWidth, height: frame.displayHeight });
        for (const { encoder } of slots) encoder.take(frame, now);
      } finally {
        frame.close();
      }
    },
    tick(now) {
      const rungs = renditions.map((_, index) => rungOf(slots[index], now));
      const before = uplink.cut;
      uplink = decide(uplink, now, rungs, sending.patienceMs);
      if (uplink.cut !== before) settle();
    },
  };
}

/** `order`: the rendition's place among those of its source. */
export const offerOf = ({ priority }: Sending, order: number, fan: FanOut): TrackOffer => ({
  priority,
  order,
  deliveryTimeoutMs: DELIVERY_TIMEOUT_MS,
  hasDynamicGroups: true,
  start: fan.add,
});

const slotOf =
  (sending: Sending, sent: Sent) =>
  (rendition: VideoTrack): Slot => {
    const fan = createFanOut(onStreams({ bitrate: rendition.bitrate, allowanceMs: FULL_MS }), () => encoder.rest());
    const encoder = createFrameEncoder({ rendition, sending }, fan, sent);
    return { rendition, fan, encoder };
  };

function rungOf(slot: Slot | undefined, now: number) {
  if (slot === undefined) return { waitingMs: undefined, isLate: false, layers: 1 };
  const { fan, encoder } = slot;
  fan.expire(now);
  const lateMs = encoder.lateMs(now);
  const waitingMs = fan.isWanted() ? Math.max(fan.waitingMs(now), lateMs) : undefined;
  return { waitingMs, isLate: lateMs > 0, layers: encoder.layers() };
}
