/** One participant's camera from its objects to its canvas. Freezes keep the last picture. */

import type { PictureReport } from "../../engine/messages.ts";
import type { ReceivedObject, Subscriber } from "../../moqt/types.ts";
import { unixNow } from "../clock.ts";
import type { Playhead } from "../jitter/audio-jitter.ts";
import { createDelay } from "../jitter/delay.ts";
import { createVideoJitter } from "../jitter/video-jitter.ts";
import { readLoc } from "../loc.ts";
import { createPictureDecoder } from "./video-decoder.ts";

export interface Picture {
  /** Takes the objects of one subscription; what came before it is forgotten. */
  subscriber(codec: string): Subscriber;
  /** Decodes and draws what is due. */
  tick(now: number): void;
  report(now: number): PictureReport;
  /** Gives the decoder back; the canvas stays as it is. */
  stop(): void;
}

const DELAY = { startMs: 40, floorMs: 40, capMs: 400, shrinkMsPerSecond: 40 };
/** Decoded this long before it is shown: a few pictures wait, not many. */
const LEAD_MS = 50;
/** Half a refresh of the screen: nearer now than at the next. */
const EARLY_MS = 8;
/** How long pictures may wait for a voice that is held back further than they are. */
const VOICE_LAG_MS_MAX = 400;
/** Decoded pictures that wait; beyond, the oldest go undrawn. */
const READY_MAX = 8;

/** `audible`: what this participant says right now, while their voice is playing. */
export function createPicture(
  canvas: OffscreenCanvas,
  audible: () => Playhead | undefined,
  onSize: (width: number, height: number) => void,
): Picture {
  const surface = createSurface(canvas, onSize);
  const counts = { decoded: 0, dropped: 0 };
  let flow: Flow | undefined;

  return {
    subscriber(codec) {
      flow?.close();
      const opened = createFlow(codec, audible, counts);
      flow = opened;
      return opened.subscriber;
    },
    tick(now) {
      const frame = flow?.due(now);
      if (frame === undefined) return;
      surface.draw(frame, now);
      frame.close();
    },
    report: (now) => ({
      framesDecoded: counts.decoded,
      framesDropped: counts.dropped + (flow?.skipped() ?? 0),
      width: canvas.width,
      height: canvas.height,
      ageMs: surface.ageMs(now),
    }),
    stop() {
      counts.dropped += flow?.skipped() ?? 0;
      flow?.close();
      flow = undefined;
    },
  };
}

interface Surface {
  draw(frame: VideoFrame, now: number): void;
  ageMs(now: number): number;
}

function createSurface(canvas: OffscreenCanvas, onSize: (width: number, height: number) => void): Surface {
  const drawing = canvas.getContext("2d", { alpha: false });
  const createdAt = unixNow();
  let drawnAt: number | undefined;
  return {
    draw(frame, now) {
      const { displayWidth: width, displayHeight: height } = frame;
      const isNew = drawnAt === undefined || canvas.width !== width || canvas.height !== height;
      if (isNew) {
        canvas.width = width;
        canvas.height = height;
      }
      drawing?.drawImage(frame, 0, 0);
      drawnAt = now;
      if (isNew) onSize(width, height);
    },
    ageMs: (now) => Math.round(now - (drawnAt ?? createdAt)),
  };
}

/** What one subscription brings, until it is drawn. */
interface Flow {
  readonly subscriber: Subscriber;
  /** The newest picture whose time has come; the caller closes it. */
  due(now: number): VideoFrame | undefined;
  skipped(): number;
  close(): void;
}

function createFlow(
  codec: string,
  audible: () => Playhead | undefined,
  counts: { decoded: number; dropped: number },
): Flow {
  const jitter = createVideoJitter();
  const delay = createDelay(DELAY);
  let ready: readonly VideoFrame[] = [];
  let isOver = false;

  /** With the voice while it plays, else by the camera's own delay. */
  const dueAt = (capturedAt: number): number => {
    const own = delay.dueAt(capturedAt) ?? 0;
    const voice = audible();
    if (voice === undefined) return own;
    return Math.min(voice.at + capturedAt - voice.capturedAt, own + VOICE_LAG_MS_MAX);
  };
  const drop = (frames: readonly VideoFrame[]): void => {
    for (const frame of frames) frame.close();
    counts.dropped += frames.length;
  };
  const onFrame = (frame: VideoFrame): void => {
    counts.decoded += 1;
    ready = [...ready, frame];
    if (ready.length > READY_MAX) drop(ready.slice(0, 1));
    ready = ready.slice(-READY_MAX);
  };
  const pump = (): void => {
    const now = unixNow();
    for (;;) {
      if (isOver || !decoder.hasRoom()) return;
      const frame = jitter.next(dueAt, now, LEAD_MS);
      if (frame === undefined) return;
      if (!decoder.decode(frame)) jitter.skipGroup();
    }
  };
  const decoder = createPictureDecoder(codec, onFrame, pump, jitter.skipGroup);
  const onObject = ({ group, object, payload, properties }: ReceivedObject): void => {
    if (isOver || payload.length === 0) return;
    const now = unixNow();
    const capturedAt = readLoc(properties).capturedAt ?? now;
    delay.observe(capturedAt, now);
    jitter.arrive({ group, object, capturedAt, payload });
    pump();
  };
  return {
    subscriber: {
      onObject,
      onSubgroupEnd(group) {
        jitter.groupEnded(group);
        pump();
      },
    },
    due(now) {
      pump();
      const isDue = ({ timestamp }: VideoFrame): boolean => dueAt(timestamp / 1_000) <= now + EARLY_MS;
      const at = ready.findLastIndex(isDue);
      if (at === -1) return undefined;
      const frame = ready[at];
      drop(ready.slice(0, at));
      ready = ready.slice(at + 1);
      return frame;
    },
    skipped: jitter.skipped,
    close() {
      isOver = true;
      decoder.close();
      drop(ready);
      ready = [];
    },
  };
}
