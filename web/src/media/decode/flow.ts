/** What one subscription to a camera brings, from its objects to pictures whose time has come. */

import type { ReceivedObject, Subscriber } from "../../moqt/types.ts";
import { unixNow } from "../clock.ts";
import type { Playhead } from "../jitter/audio-jitter.ts";
import { createDelay } from "../jitter/delay.ts";
import { createVideoJitter } from "../jitter/video-jitter.ts";
import { readLoc } from "../loc.ts";
import { createStays } from "./load.ts";
import { createPictureDecoder, timestampOf } from "./video-decoder.ts";

export interface Flow {
  readonly subscriber: Subscriber;
  /** The newest picture whose time has come; the caller closes it. */
  due(now: number): VideoFrame | undefined;
  /** What is being decoded. */
  rendition(): string | undefined;
  skipped(): number;
  close(): void;
}

const DELAY = { startMs: 40, floorMs: 40, capMs: 400, shrinkMsPerSecond: 40, marginMs: 10 };
/** Decoded this long before it is shown: a few pictures wait, not many. */
const LEAD_MS = 50;
/** Half a refresh of the screen: nearer now than at the next. */
const EARLY_MS = 8;
/** How long pictures may wait for a voice that is held back further than they are. */
const VOICE_LAG_MS_MAX = 400;
/** Decoded pictures that wait; beyond, the oldest go undrawn. */
const READY_MAX = 8;

/**
 * `audible`: what this participant says right now, while their voice is playing. `onDecoded` is told how many
 * ms each frame was in its decoder.
 */
export function createFlow(
  codec: string,
  audible: () => Playhead | undefined,
  counts: { decoded: number; dropped: number },
  onDecoded: (ms: number) => void,
): Flow {
  const jitter = createVideoJitter();
  const delay = createDelay(DELAY);
  const ready = readyPictures(counts);
  const stays = createStays();
  let rendition: string | undefined;
  let isOver = false;

  /** With the voice while it plays, else by the camera's own delay. */
  const dueAt = (capturedAt: number): number => {
    const own = delay.dueAt(capturedAt) ?? 0;
    const voice = audible();
    if (voice === undefined) return own;
    return Math.min(voice.at + capturedAt - voice.capturedAt, own + VOICE_LAG_MS_MAX);
  };
  const pump = (): void => {
    const now = unixNow();
    for (;;) {
      if (isOver || !decoder.hasRoom()) return;
      const frame = jitter.next(dueAt, now, LEAD_MS);
      if (frame === undefined) return;
      if (frame.object === 0) ({ rendition } = frame);
      stays.enter(timestampOf(frame), now);
      if (!decoder.decode(frame)) jitter.skipGroup();
    }
  };
  const take = (frame: VideoFrame): void => {
    const stayed = stays.leave(frame.timestamp, unixNow());
    if (stayed !== undefined) onDecoded(stayed);
    ready.add(frame);
  };
  const decoder = createPictureDecoder(codec, take, pump, jitter.skipGroup);
  const onObject = ({ group, subgroup, object, payload, properties }: ReceivedObject): void => {
    if (isOver || payload.length === 0) return;
    const now = unixNow();
    const loc = readLoc(properties);
    const capturedAt = loc.capturedAt ?? now;
    delay.observe(capturedAt, now);
    jitter.arrive({ group, object, layer: subgroup ?? 0, capturedAt, rendition: loc.rendition, payload });
    pump();
  };
  return {
    subscriber: {
      onObject,
      onSubgroupEnd(group, subgroup, complete) {
        jitter.layerEnded(group, subgroup, complete);
        pump();
      },
    },
    due(now) {
      pump();
      return ready.take(({ timestamp }) => dueAt(timestamp / 1_000) <= now + EARLY_MS);
    },
    rendition: () => rendition,
    skipped: jitter.skipped,
    close() {
      isOver = true;
      decoder.close();
      ready.close();
    },
  };
}

/** Decoded pictures that wait for their time. */
function readyPictures(counts: { decoded: number; dropped: number }) {
  let ready: readonly VideoFrame[] = [];
  const drop = (frames: readonly VideoFrame[]): void => {
    for (const frame of frames) frame.close();
    counts.dropped += frames.length;
  };
  return {
    add(frame: VideoFrame): void {
      counts.decoded += 1;
      ready = [...ready, frame];
      if (ready.length > READY_MAX) drop(ready.slice(0, 1));
      ready = ready.slice(-READY_MAX);
    },
    /** The newest one that is due; what is older goes undrawn. */
    take(isDue: (frame: VideoFrame) => boolean): VideoFrame | undefined {
      const at = ready.findLastIndex(isDue);
      if (at === -1) return undefined;
      const frame = ready[at];
      drop(ready.slice(0, at));
      ready = ready.slice(at + 1);
      return frame;
    },
    close(): void {
      drop(ready);
      ready = [];
    },
  };
}
