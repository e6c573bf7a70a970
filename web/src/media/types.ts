/**
 * What the layers above see of media: two halves in the engine worker, `createPublisher` and
 * `createReceiver`, and three openers on the page, `captureCamera`, `captureMicrophone` and
 * `openPlayout`, whose ports and streams the page hands to the worker.
 */

import type { CatalogTrack } from "../engine/catalog.ts";
import type { PictureReport, VoiceReport } from "../engine/messages.ts";
import type { Subscriber, Subscription, TrackOffer } from "../moqt/types.ts";

/** Asks for a participant's track; `priority` is the subscriber priority (0 is the most urgent). */
export type Subscribe = (
  participant: string,
  track: string,
  priority: number,
  subscriber: Subscriber,
) => Subscription;

/** Our own sources. `createPublisher(onTracks)` calls `onTracks` with each change of what is on. */
export interface Publisher {
  /** What we would publish under this name; undefined while its source is off. */
  offer(track: string): TrackOffer | undefined;
  /** Frames to encode, until the next call; undefined turns the camera off. */
  setCamera(frames: ReadableStream<VideoFrame> | MessagePort | undefined): void;
  /** Port of `captureMicrophone`, until the next call; undefined turns the microphone off. */
  setMicrophone(port: MessagePort | undefined): void;
  /** Loudness of our voice, 0 to 1; undefined while the microphone is off. */
  level(): number | undefined;
  sent(): { readonly framesEncoded: number; readonly framesSkipped: number };
  close(): void;
}

/** Everyone else's sources: subscribes to what is shown or listened to, and to nothing more. */
export interface Receiver {
  /**
   * A session is open. What the catalogs say comes after it through `setTracks`. With another session
   * before it, what that one brings moves here, each track with its first object; settles when all have.
   */
  connect(subscribe: Subscribe): Promise<void>;
  /** The session is gone: pictures freeze, voices fall silent, catalogs are forgotten. */
  disconnect(): void;
  /** What a participant publishes now; empty when they left. */
  setTracks(participant: string, tracks: readonly CatalogTrack[]): void;
  setCanvas(participant: string, canvas: OffscreenCanvas | undefined): void;
  /** Everyone listed is heard, nobody else. */
  setListening(participants: readonly string[]): void;
  setPlayout(port: MessagePort): void;
  /** Loudness of those heard, 0 to 1. */
  levels(): Readonly<Record<string, number>>;
  /** Since when the largest gap counts is the last call. */
  report(): {
    readonly pictures: Readonly<Record<string, PictureReport>>;
    readonly voices: Readonly<Record<string, VoiceReport>>;
  };
  close(): void;
}

/** What a receiver tells by itself: the size of someone's picture, when it changes. */
export type OnPicture = (participant: string, width: number, height: number) => void;

/** Frames of a camera on their way to the worker (message `camera`; transfer `frames`). */
export interface CameraCapture {
  readonly frames: ReadableStream<VideoFrame> | MessagePort;
  /** Ends the frames; the track is the caller's to stop. */
  close(): void;
}

/** Sound of a microphone on its way to the worker (message `microphone`; transfer `port`). */
export interface MicrophoneCapture {
  readonly port: MessagePort;
  /** Ends the sound; the track is the caller's to stop. */
  close(): void;
}

/** The loudspeaker: one context and one mixing worklet (message `playout`; transfer `port`). */
export interface Playout {
  readonly port: MessagePort;
  /** Browsers start sound only after a gesture: retried with each one until it runs. */
  isRunning(): boolean;
  /** Called with every change of `isRunning`. */
  onChange(listener: (isRunning: boolean) => void): void;
  close(): void;
}
