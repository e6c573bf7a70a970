/** One participant's camera from its objects to its canvas. Freezes keep the last picture. */

import type { PictureReport } from "../../engine/messages.ts";
import type { Subscriber } from "../../moqt/types.ts";
import type { Playhead } from "../jitter/audio-jitter.ts";
import { createFlow, type Flow } from "./flow.ts";
import { createSurface } from "./surface.ts";

export interface Picture {
  /** Takes the objects of one subscription to a track; what came before it is forgotten. */
  subscriber(track: string, codec: string): Subscriber;
  /** Decodes and draws what is due. */
  tick(now: number): void;
  /** When the picture that is there was drawn, unless nothing ever was. */
  drawnAt(): number | undefined;
  report(now: number): PictureReport;
  /** Gives the decoder back; the canvas stays as it is. */
  stop(): void;
}

export interface PictureEvents {
  onSize(width: number, height: number): void;
  /** A frame was in its decoder for so many ms. */
  onDecoded(ms: number): void;
}

/** `audible`: what this participant says right now, while their voice is playing. */
export function createPicture(
  canvas: OffscreenCanvas,
  audible: () => Playhead | undefined,
  { onSize, onDecoded }: PictureEvents,
): Picture {
  const surface = createSurface(canvas, onSize);
  const counts = { decoded: 0, dropped: 0 };
  let flow: Flow | undefined;
  /** What a track is called that does not tell its rendition. */
  let named: string | undefined;

  const close = (): void => {
    counts.dropped += flow?.skipped() ?? 0;
    flow?.close();
    flow = undefined;
  };
  return {
    subscriber(track, codec) {
      close();
      const opened = createFlow(codec, audible, counts, onDecoded);
      flow = opened;
      named = track.split("/")[1];
      return opened.subscriber;
    },
    tick(now) {
      const frame = flow?.due(now);
      if (frame === undefined) return;
      if (!surface.draw(frame, now)) counts.dropped += 1;
      frame.close();
    },
    drawnAt: surface.drawnAt,
    report: (now) => ({
      framesDecoded: counts.decoded,
      framesDropped: counts.dropped + (flow?.skipped() ?? 0),
      width: canvas.width,
      height: canvas.height,
      ageMs: surface.ageMs(now),
      rendition: flow === undefined ? undefined : (flow.rendition() ?? named),
      framesPerSecond: surface.framesPerSecond(now),
    }),
    stop: close,
  };
}
