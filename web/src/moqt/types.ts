/** What the layers above see of a MoQT session (draft-ietf-moq-transport-18). */

export type Namespace = readonly string[];

/** LOC and MoQT object properties by type: even types are integers, odd types are bytes. */
export type Properties = ReadonlyMap<number, number | Uint8Array>;

/** An object as it arrived, on a subgroup's stream or in a datagram. */
export interface ReceivedObject {
  readonly group: number;
  /** Undefined for an object in a datagram: those are in no subgroup. */
  readonly subgroup: number | undefined;
  readonly object: number;
  readonly properties: Properties;
  readonly payload: Uint8Array;
}

export interface Subscriber {
  /** Objects of one subgroup arrive in order; groups may overlap. Those in datagrams come in any order, perhaps twice. */
  onObject(object: ReceivedObject): void;
  /** A subgroup's stream ended: `complete` after FIN, not after a reset. */
  onSubgroupEnd?(group: number, subgroup: number, complete: boolean): void;
}

/** Why a request ended without our asking. */
export type RequestEnd =
  | { readonly kind: "cancelled" }
  | { readonly kind: "refused"; readonly code: number; readonly retryAfterMs: number | undefined }
  | { readonly kind: "done"; readonly code: number }
  | { readonly kind: "sessionClosed" };

export interface Subscription {
  /** Settles when the subscription is over, whoever ended it. Never rejects. */
  readonly ended: Promise<RequestEnd>;
  cancel(): void;
}

/** A subscription to a track. */
export interface TrackSubscription extends Subscription {
  /** Changes PICTURE_HEIGHT_MAX of a switching track. */
  setPictureHeightMax(pixels: number): void;
}

export interface SubscribeOptions {
  /** Draft numbers: 0 is the most urgent, 255 the least. */
  readonly priority: number;
  /** Of a switching track: the height at which its pictures are shown at most, 0 for none. */
  readonly pictureHeightMax?: number;
  /** How long the relay may wait for a publisher, in ms. */
  readonly rendezvousMs?: number;
}

/** One outgoing subgroup (a stream). Writes queue; `queuedBytes` is what the transport has not taken. */
export interface SubgroupWriter {
  readonly queuedBytes: number;
  /** False once finished or reset, by us or by the peer; what is written then is dropped. */
  readonly isOpen: boolean;
  /** False while bytes wait, also of a stream that was finished; true once it is over. */
  readonly isDrained: boolean;
  /** `object` is its ID, which rises in a subgroup: the next one when it is left out. */
  write(payload: Uint8Array, properties?: Properties, object?: number): void;
  finish(): void;
  /** Abandons what is queued. Draft reset codes; 0x2 is DELIVERY_TIMEOUT. */
  reset(code: number): void;
}

/** An object on its way into a datagram. */
export type SentObject = Omit<ReceivedObject, "subgroup">;

/** Someone subscribed to a track of ours; lives until they cancel or the session ends. */
export interface Publication {
  readonly track: string;
  readonly ended: Promise<void>;
  /** A new group was asked for (NEW_GROUP_REQUEST) and none has begun since. */
  readonly wantsGroup: boolean;
  /** Group IDs must rise: use `nextGroup`. Of one group the lowest subgroup goes first. */
  openSubgroup(group: number, subgroup: number): SubgroupWriter;
  /** Sends an object of a track `inDatagrams`, or sends it again. Group IDs must rise here too. */
  sendDatagram(object: SentObject): void;
  /** Packets that we sent were lost lately: what is sent twice arrives more surely. */
  readonly isLossy: boolean;
  /** PUBLISH_DONE, with TRACK_ENDED unless another of the draft's codes says why. */
  end(code?: number): void;
}

/** A track we are ready to publish when asked. */
export interface TrackOffer {
  /** Publisher priority, draft numbers. */
  readonly priority: number;
  /** Of tracks with the same priority the lowest goes first on our line; 0 to 7, 0 when left out. */
  readonly order?: number;
  readonly deliveryTimeoutMs?: number;
  /** Its objects go in datagrams, none on streams: a session that carries no datagrams refuses it. */
  readonly inDatagrams?: boolean;
  /** A new group can be asked for. */
  readonly hasDynamicGroups?: boolean;
  start(publication: Publication): void;
}

/** A track that is there, but not now: EXCESSIVE_LOAD, with the time after which to ask again. */
export interface TrackRefusal {
  readonly retryAfterMs: number;
}

export type Offering = (track: string) => TrackOffer | TrackRefusal | undefined;

export type SessionEnd = {
  /** MoQT session code where the peer told one. */
  readonly code: number | undefined;
  readonly reason: string;
  readonly byUs: boolean;
};

export interface Session {
  /** Settles when the session is over. Never rejects. */
  readonly closed: Promise<SessionEnd>;
  /** The relay asked us to move (GOAWAY). */
  readonly goingAway: Promise<void>;
  /** The relay offers the switching tracks of docs/protocol.md. */
  readonly hasSwitchingTracks: boolean;
  subscribe(
    namespace: Namespace,
    track: string,
    options: SubscribeOptions,
    subscriber: Subscriber,
  ): TrackSubscription;
  subscribeNamespace(
    prefix: Namespace,
    onChange: (suffix: Namespace, present: boolean) => void,
  ): Subscription;
  /** Announces `namespace`; `offer` says what we would publish under a track name, if anything. */
  announce(namespace: Namespace, offer: Offering): Subscription;
  close(code: number, reason: string): void;
}
