/**
 * A camera's renditions as tracks: each has an encoder while someone subscribes to it, and none while
 * our line is too slow for it.
 */

import type { VideoTrack } from "../../engine/catalog.ts";
import type { TrackOffer, TrackRefusal } from "../../moqt/types.ts";
import { createFanOut, type FanOut } from "./fan-out.ts";
import { onStreams } from "./listener.ts";
import { CAM, offered, type Size } from "./rendition.ts";
import { decide, FULL_MS, limits, moved, OPEN_UPLINK, type Uplink } from "./uplink.ts";
import { createFrameEncoder, type FrameEncoder, type Sent } from "./video-encoder.ts";

/** docs/protocol.md */
const CAM_PRIORITY = 160;
const DELIVERY_TIMEOUT_MS = 1_000;
/** PUBLISH_DONE with EXCESSIVE_LOAD. */
const DONE_LOAD = 0x9;

export interface Simulcast {
  offer(track: string): TrackOffer | TrackRefusal | undefined;
  /** Temporal layers that are sent of each rendition that the camera has. */
  layers(): Readonly<Record<string, number>>;
  /** The renditions that can be subscribed to, lowest first. */
  tracks(): readonly VideoTrack[];
  isWanted(): boolean;
  /** The camera is on, with pictures of this size; undefined: it is off. */
  setCamera(size: Size | undefined): void;
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

/** `onTracks` is called when the list of tracks may be another one; `ladder` has the renditions, lowest first. */
export function createSimulcast(sent: Sent, onTracks: () => void, ladder = CAM): Simulcast {
  const slots = ladder.map(slotOf(sent));
  let camera: Size | undefined;
  let renditions: readonly VideoTrack[] = [];
  let uplink: Uplink = OPEN_UPLINK;

  const layersOf = (index: number): number => limits(uplink, renditions.length)[index] ?? 0;
  /** What is sent follows from the camera and the line. */
  const settle = (): void => {
    for (const [index, { fan }] of slots.entries()) {
      const layers = layersOf(index);
      if (index >= renditions.length) fan.end();
      else if (layers === 0) fan.giveUp(DONE_LOAD);
      else fan.setLayers(layers);
    }
    onTracks();
  };
  const setCamera: Simulcast["setCamera"] = (size) => {
    if (size?.width === camera?.width && size?.height === camera?.height) return;
    camera = size;
    const before = renditions.length;
    renditions = size === undefined ? [] : offered(size, ladder);
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
      return { priority: CAM_PRIORITY, order: index, deliveryTimeoutMs: DELIVERY_TIMEOUT_MS, hasDynamicGroups: true, start: slot.fan.add };
    },
    layers: () => Object.fromEntries(renditions.map(({ name }, index) => [name, layersOf(index)])),
    tracks: () => renditions.filter((_, index) => layersOf(index) > 0),
    isWanted: () => slots.some(({ fan }) => fan.isWanted()),
    setCamera,
    take(frame, now) {
      try {
        if (camera !== undefined) setCamera({ width: frame.displayWidth, height: frame.displayHeight });
        for (const { encoder } of slots) encoder.take(frame, now);
      } finally {
        frame.close();
      }
    },
    tick(now) {
      const rungs = renditions.map((_, index) => rungOf(slots[index], now));
      const before = uplink.cut;
      uplink = decide(uplink, now, rungs);
      if (uplink.cut !== before) settle();
    },
  };
}

const slotOf =
  (sent: Sent) =>
  (rendition: VideoTrack): Slot => {
    const fan = createFanOut(onStreams({ bitrate: rendition.bitrate, allowanceMs: FULL_MS }), () => encoder.rest());
    const encoder = createFrameEncoder(rendition, fan, sent);
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
