/** The encoder of a rendition: opened when it is needed, again when it broke, with layers where they work. */

import type { VideoTrack } from "../../engine/catalog.ts";
import { LAYERS_MAX } from "../layer-ids.ts";
import type { Size } from "./rendition.ts";
import type { Sending } from "./sending.ts";

/** An encoded frame; its layer, where the encoder has layers. */
export type OnChunk = (chunk: EncodedVideoChunk, layer: number | undefined) => void;

export interface RenditionCodec {
  /** An encoder for pictures of this size, which begins with a key frame when `isNew`; undefined for now. */
  ready(size: Size, now: number): { readonly encoder: VideoEncoder; readonly isNew: boolean } | undefined;
  layers(): number;
  /** It broke, or is stuck: another one is opened in a while. */
  fail(now: number): void;
  /** Gives the encoder back. */
  rest(): void;
}

/** After an encoder failed, until the next attempt. */
const RETRY_MS = 1_000;
/** Base layer, and two that double the frame rate each (W3C "Scalable Video Coding"). */
const LAYERED = "L1T3";

/** What a rendition is, and how pictures of its kind are sent. */
export interface Wanted {
  readonly rendition: VideoTrack;
  readonly sending: Sending;
}

export function renditionCodec(wanted: Wanted, onChunk: OnChunk, onLost: () => void): RenditionCodec {
  let encoder: VideoEncoder | undefined;
  let size: Size | undefined;
  let failedAt = -Infinity;
  const most = wanted.sending.layers;
  /** Undefined until the browser has answered. */
  let layers: number | undefined = most === 1 ? 1 : undefined;
  let isProven = false;

  if (most > 1) {
    VideoEncoder.isConfigSupported(configOf(wanted, wanted.rendition, most)).then(
      ({ supported }) => (layers = supported === true ? most : 1),
      () => (layers = 1),
    );
  }
  const rest = (): void => {
    const closing = encoder;
    encoder = undefined;
    if (closing !== undefined && closing.state !== "closed") closing.close();
  };
  const open = (fitting: Size, count: number): VideoEncoder => {
    const opened: VideoEncoder = new VideoEncoder({
      output(chunk, metadata) {
        if (encoder !== opened) return;
        isProven = true;
        onChunk(chunk, count > 1 ? layerOf(metadata) : undefined);
      },
      error() {
        if (encoder !== opened) return;
        // One that never gave a frame may have none with layers.
        if (!isProven) layers = 1;
        onLost();
      },
    });
    opened.configure(configOf(wanted, fitting, count));
    return opened;
  };
  return {
    ready(fitting, now) {
      const isFitting = size?.width === fitting.width && size.height === fitting.height;
      if (encoder?.state === "configured" && isFitting) return { encoder, isNew: false };
      if (now - failedAt < RETRY_MS || layers === undefined) return undefined;
      rest();
      size = fitting;
      encoder = open(fitting, layers);
      return { encoder, isNew: true };
    },
    layers: () => layers ?? 1,
    fail(now) {
      failedAt = now;
      rest();
    },
    rest,
  };
}

/** Frames of another size are scaled by Chromium and Firefox alike. */
function configOf({ rendition, sending }: Wanted, { width, height }: Size, layers: number): VideoEncoderConfig {
  const config: VideoEncoderConfig & Pick<Sending, "contentHint"> = {
    codec: rendition.codec,
    width,
    height,
    bitrate: rendition.bitrate,
    framerate: sending.framerateOf(rendition),
    latencyMode: "realtime",
    bitrateMode: "variable",
    ...(sending.contentHint === undefined ? {} : { contentHint: sending.contentHint }),
  };
  // Firefox supports no mode named L1T1.
  return layers > 1 ? { ...config, scalabilityMode: LAYERED } : config;
}

/** `svc` is newer than the DOM types. */
type Metadata = EncodedVideoChunkMetadata & { readonly svc?: { readonly temporalLayerId?: number } };

const layerOf = (metadata: Metadata | undefined): number => Math.min(metadata?.svc?.temporalLayerId ?? 0, LAYERS_MAX - 1);
