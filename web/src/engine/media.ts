/** What the engine and the media side ask of each other. */

import type { Subscriber, Subscription, TrackOffer } from "../moqt/types.ts";
import type { CatalogTrack } from "./catalog.ts";
import type { ToEngine } from "./messages.ts";

export type MediaMessage = Exclude<ToEngine, { readonly kind: "open" | "command" | "close" }>;

/** Subscribes to a track of a participant with a subscriber priority of the draft. */
export type SubscribeTrack = (
  participant: string,
  track: string,
  priority: number,
  subscriber: Subscriber,
) => Subscription;

export interface Media {
  /** What the page asks that is not the line's. */
  take(message: MediaMessage): void;
  /** A session is there: subscribe by this function until `disconnect`. */
  connect(subscribe: SubscribeTrack): void;
  disconnect(): void;
  /** What a participant publishes now. */
  setTracks(participant: string, tracks: readonly CatalogTrack[]): void;
  /** A track of ours, if it is on. */
  offer(track: string): TrackOffer | undefined;
  /** Tells at once and with each change what of ours is on. */
  onOwnTracks(listener: (tracks: readonly CatalogTrack[]) => void): void;
}
