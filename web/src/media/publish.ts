/** Our own sources as tracks: `mic` and `cam/mid`, encoded while someone subscribes. */

import type { CatalogTrack } from "../engine/catalog.ts";
import type { TrackOffer } from "../moqt/types.ts";
import { openFrames } from "./capture/frames.ts";
import { BLOCK_SAMPLES, type CapturedBlock } from "./capture/messages.ts";
import { fromSystemTime, unixNow } from "./clock.ts";
import { createSpeechEncoder, QUEUED_AUDIO_BYTES_MAX, type SpeechEncoder } from "./encode/audio-encoder.ts";
import { createFanOut, type FanOut } from "./encode/fan-out.ts";
import { CAM_MID, MIC } from "./encode/rendition.ts";
import { createFrameEncoder, QUEUED_VIDEO_BYTES_MAX, type FrameEncoder, type Sent } from "./encode/video-encoder.ts";
import { loudness, QUIET } from "./level.ts";
import type { AudioLevel } from "./loc.ts";
import { listen } from "./ports.ts";
import type { Publisher } from "./types.ts";

/** docs/protocol.md */
const CAM_PRIORITY = 160;
const MIC_PRIORITY = 32;
const DELIVERY_TIMEOUT_MS = 1_000;
/** Blocks come every 20 ms; a level older than this is no level. */
const LEVEL_MS_MAX = 300;

const offer = (fan: FanOut, priority: number): TrackOffer => ({
  priority,
  deliveryTimeoutMs: DELIVERY_TIMEOUT_MS,
  start: fan.add,
});

interface Source {
  close(): void;
}

export function createPublisher(onTracks: (tracks: readonly CatalogTrack[]) => void): Publisher {
  const sent: Sent = { framesEncoded: 0, framesSkipped: 0 };
  const camFan = createFanOut(QUEUED_VIDEO_BYTES_MAX, () => camera?.encoder.rest());
  const micFan = createFanOut(QUEUED_AUDIO_BYTES_MAX, () => microphone?.encoder.rest());
  let camera: (Source & { readonly encoder: FrameEncoder }) | undefined;
  let microphone: (Source & { readonly encoder: SpeechEncoder }) | undefined;
  let level: { readonly value: AudioLevel; readonly at: number } = { value: QUIET, at: 0 };

  const tell = (): void => {
    onTracks([...(microphone === undefined ? [] : [MIC]), ...(camera === undefined ? [] : [CAM_MID])]);
  };
  const setCamera: Publisher["setCamera"] = (frames) => {
    camera?.close();
    camera = frames === undefined ? undefined : openCamera(frames, camFan, sent);
    if (camera === undefined) camFan.end();
    tell();
  };
  const setMicrophone: Publisher["setMicrophone"] = (port) => {
    microphone?.close();
    microphone = undefined;
    if (port !== undefined) {
      const onLevel = (value: AudioLevel): void => {
        level = { value, at: unixNow() };
      };
      microphone = openMicrophone(port, micFan, onLevel);
    }
    if (microphone === undefined) micFan.end();
    tell();
  };
  return {
    offer(track) {
      if (track === CAM_MID.name && camera !== undefined) return offer(camFan, CAM_PRIORITY);
      if (track === MIC.name && microphone !== undefined) return offer(micFan, MIC_PRIORITY);
      return undefined;
    },
    setCamera,
    setMicrophone,
    level() {
      if (microphone === undefined) return undefined;
      return unixNow() - level.at > LEVEL_MS_MAX ? 0 : loudness(level.value);
    },
    sent: () => ({ ...sent }),
    close() {
      setCamera(undefined);
      setMicrophone(undefined);
    },
  };
}

function openCamera(source: ReadableStream<VideoFrame> | MessagePort, fan: FanOut, sent: Sent) {
  const encoder = createFrameEncoder(fan, sent);
  const frames = openFrames(source, fan.isWanted, (frame) => encoder.take(frame, unixNow()));
  return {
    encoder,
    close() {
      frames.close();
      encoder.rest();
    },
  };
}

function openMicrophone(port: MessagePort, fan: FanOut, onLevel: (level: AudioLevel) => void) {
  const encoder = createSpeechEncoder(fan);
  listen<CapturedBlock>(port, (block) => {
    if (block.samples.length !== BLOCK_SAMPLES) return;
    onLevel(encoder.take(block.samples, fromSystemTime(block.at), unixNow()));
  });
  return {
    encoder,
    close() {
      port.close();
      encoder.rest();
    },
  };
}
