/**
 * What the layers above see of media: two halves in the engine worker, `createPublisher` and
 * `createReceiver`, and three openers on the page, `capturePictures`, `captureMicrophone` and
 * `openPlayout`, whose ports and streams the page hands to the worker.
 */

import type { CatalogTrack } from "../engine/catalog.ts";
import type { CameraFrames, Listening, PictureFrames, PictureReport, SentReport, VoiceReport } from "../engine/messages.ts";
import type { Offering, SubscribeOptions, Subscriber, TrackSubscription } from "../moqt/types.ts";

/** A session as a receiver sees it. */
export interface Source {
  /** Relays of ours switch between the renditions of a camera themselves. */
  readonly hasSwitchingTracks: boolean;
  /** Asks for a participant's track. */
  subscribe(
    participant: string,
    track: string,
    options: SubscribeOptions,
    subscriber: Subscriber,
  ): TrackSubscription;
}

/** Our own sources. `createPublisher(onTracks)` calls `onTracks` with each change of what is on. */
export interface Publisher {
  /** What we would publish under this name; undefined while its source is off. */
  offer: Offering;
  /** Frames to encode, until the next call; undefined turns the camera off. */
  setCamera(source: CameraFrames | undefined): void;
  /** The same of the screen that is shared. */
  setScreen(source: PictureFrames | undefined): void;
  /** Port of `captureMicrophone`, until the next call; undefined turns the microphone off. */
  setMicrophone(port: MessagePort | undefined): void;
  /** Loudness of our voice, 0 to 1; undefined while the microphone is off. */
  level(): number | undefined;
  sent(): SentReport;
  close(): void;
}

/** Everyone else's sources: subscribes to what is shown or listened to, and to nothing more. Pictures have names (`picture-name.ts`). */
export interface Receiver {
  /**
   * A session is open. What the catalogs say comes after it through `setTracks`. With another session
   * before it, what that one brings moves here, each track with its first object; settles when all have.
   */
  connect(source: Source): Promise<void>;
  /** The session is gone: pictures freeze, voices fall silent, catalogs are forgotten. */
  disconnect(): void;
  /** What a participant publishes now; empty when they left. */
  setTracks(participant: string, tracks: readonly CatalogTrack[]): void;
  setCanvas(picture: string, canvas: OffscreenCanvas | undefined): void;
  /** How tall a picture is shown, in pixels of the device; 0 while nobody can see it. */
  setHeight(picture: string, pixels: number): void;
  setListening(listening: Listening): void;
  setPlayout(port: MessagePort): void;
  /** Loudness of those heard, 0 to 1. */
  levels(): Readonly<Record<string, number>>;
  /** Since when the largest gap counts is the last call. */
  report(): {
    readonly pictures: Readonly<Record<string, PictureReport>>;
    readonly voices: Readonly<Record<string, VoiceReport>>;
    /** Those whose picture stays as it is, since this device cannot decode all that are seen. */
    readonly resting: readonly string[];
  };
  close(): void;
}

/** What a receiver tells by itself of pictures, by their names. */
export interface OnPicture {
  /** The size of a picture, when it changes. */
  size(picture: string, width: number, height: number): void;
  /** A picture stands still, since that time (Unix ms); undefined: it moves again, or is not to come. */
  still(picture: string, since: number | undefined): void;
}

/** Frames on their way to the worker (messages `camera` and `screen`; transfer `frames`). */
export interface PictureCapture {
  readonly frames: PictureFrames["frames"];
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
  /** A short soft sound, if it runs. */
  chime(): void;
  /** Where it is heard, by the id of a device; empty is the system's choice. False: not there. */
  setSpeaker(deviceId: string): Promise<boolean>;
  close(): void;
}
