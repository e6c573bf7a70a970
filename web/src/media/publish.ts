/** Our own sources as tracks: `mic`, `cam/*` and `screen/*`, encoded while someone subscribes. */

import type { CatalogTrack } from "../engine/catalog.ts";
import type { PictureFrames } from "../engine/messages.ts";
import { openFrames } from "./capture/frames.ts";
import { holdPicture } from "./capture/held-picture.ts";
import { BLOCK_SAMPLES, type CapturedBlock } from "./capture/messages.ts";
import { fromSystemTime, unixNow } from "./clock.ts";
import { createSpeechEncoder, type SpeechEncoder } from "./encode/audio-encoder.ts";
import { createDatagramListener } from "./encode/datagram-listener.ts";
import { createFanOut, type FanOut } from "./encode/fan-out.ts";
import { MIC } from "./encode/rendition.ts";
import { CAMERA, PAPER, SCREEN_SHARE } from "./encode/sending.ts";
import { createSimulcast, type Simulcast } from "./encode/simulcast.ts";
import type { Sent } from "./encode/video-encoder.ts";
import { loudness, QUIET } from "./level.ts";
import type { AudioLevel } from "./loc.ts";
import { listen } from "./ports.ts";
import type { Publisher } from "./types.ts";

/** docs/protocol.md */
const MIC_PRIORITY = 32;
const DELIVERY_TIMEOUT_MS = 1_000;
/** Blocks come every 20 ms; a level older than this is no level. */
const LEVEL_MS_MAX = 300;
/** How often is looked whether our line copes with our pictures. */
const UPLINK_EVERY_MS = 50;
/** Until a frame tells; what a source gives that cannot say its size. */
const SIZE_UNKNOWN = { width: 640, height: 360 };

interface Source {
  close(): void;
}

export function createPublisher(onTracks: (tracks: readonly CatalogTrack[]) => void): Publisher {
  const sent: Sent = { framesEncoded: 0, framesSkipped: 0 };
  const tell = (): void => onTracks([...(microphone === undefined ? [] : [MIC]), ...cams.tracks(), ...screens.tracks()]);
  const people = createSimulcast(CAMERA, sent, tell);
  const paper = createSimulcast(PAPER, sent, tell);
  const screens = createSimulcast(SCREEN_SHARE, sent, tell);
  let cams = people;
  const micFan = createFanOut(createDatagramListener, () => microphone?.encoder.rest());
  let camera: Source | undefined;
  let screen: Source | undefined;
  let microphone: (Source & { readonly encoder: SpeechEncoder }) | undefined;
  let level: { readonly value: AudioLevel; readonly at: number } = { value: QUIET, at: 0 };

  const setCamera: Publisher["setCamera"] = (source) => {
    camera?.close();
    const next = source?.isDetailed === true ? paper : people;
    // One camera at a time: what was sent of the other ends.
    if (next !== cams) cams.setSource(undefined);
    cams = next;
    camera = source === undefined ? undefined : openCamera(source, cams);
    cams.setSource(sizeOf(source));
  };
  const setScreen: Publisher["setScreen"] = (source) => {
    screen?.close();
    screen = source === undefined ? undefined : openScreen(source, screens);
    screens.setSource(sizeOf(source));
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
      if (track !== MIC.name) return cams.offer(track) ?? screens.offer(track);
      if (microphone === undefined) return undefined;
      return { priority: MIC_PRIORITY, deliveryTimeoutMs: DELIVERY_TIMEOUT_MS, inDatagrams: true, start: micFan.add };
    },
    setCamera,
    setScreen,
    setMicrophone,
    level() {
      if (microphone === undefined) return undefined;
      return unixNow() - level.at > LEVEL_MS_MAX ? 0 : loudness(level.value);
    },
    sent: () => ({ ...sent, layers: { ...cams.layers(), ...screens.layers() } }),
    close() {
      setCamera(undefined);
      setScreen(undefined);
      setMicrophone(undefined);
    },
  };
}

const sizeOf = (source: PictureFrames | undefined) => (source === undefined ? undefined : (source.size ?? SIZE_UNKNOWN));

function openScreen(source: PictureFrames, screens: Simulcast): Source {
  const held = holdPicture(screens.wantsGroup, screens.take);
  const frames = openFrames(source.frames, screens.isWanted, (frame) => held.take(frame, unixNow()));
  const timer = setInterval(() => {
    screens.tick(unixNow());
    held.tick(unixNow());
  }, UPLINK_EVERY_MS);
  return {
    close() {
      clearInterval(timer);
      frames.close();
      held.close();
    },
  };
}

function openCamera(source: PictureFrames, cams: Simulcast): Source {
  const frames = openFrames(source.frames, cams.isWanted, (frame) => cams.take(frame, unixNow()));
  const timer = setInterval(() => cams.tick(unixNow()), UPLINK_EVERY_MS);
  return {
    close() {
      clearInterval(timer);
      frames.close();
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
