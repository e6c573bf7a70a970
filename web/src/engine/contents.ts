/** What people brought, fetched from the room: each track is one group, a head and the bytes behind it. */

import type { Session, TrackSubscription } from "../moqt/types.ts";
import type { FromEngine } from "./messages.ts";

/** What the room keeps of one track at most (docs/protocol.md). */
const BYTES_MAX = 4 * 1024 * 1024;
/** The room is there before us. */
const RENDEZVOUS_MS = 5_000;

export interface Contents {
  /** A session is there: what is still wanted is asked for by it. */
  connect(session: Session, room: string): void;
  fetch(track: string, priority: number): void;
  /** It is not wanted any more. */
  drop(track: string): void;
}

interface Wanted {
  readonly priority: number;
  subscription: TrackSubscription | undefined;
}

type Answer = Extract<FromEngine, { readonly kind: "fetched" }>;

export function createContents(post: (message: Answer) => void): Contents {
  const wanted = new Map<string, Wanted>();
  let current: { readonly session: Session; readonly room: string } | undefined;

  const settle = (track: string, content: Answer["content"]): void => {
    const entry = wanted.get(track);
    wanted.delete(track);
    entry?.subscription?.cancel();
    post({ kind: "fetched", track, content });
  };
  const begin = (track: string, entry: Wanted): void => {
    if (current === undefined) return;
    const { session, room } = current;
    const options = { priority: entry.priority, rendezvousMs: RENDEZVOUS_MS };
    const collected = collect((content) => {
      if (wanted.get(track)?.subscription === subscription) settle(track, content);
    });
    const subscription: TrackSubscription = session.subscribe([room], track, options, { onObject: ({ payload }) => collected(payload) });
    entry.subscription = subscription;
    void subscription.ended.then((end) => {
      // After a lost line it is asked for again by the next session.
      if (entry.subscription === subscription && end.kind !== "sessionClosed" && wanted.get(track) === entry) settle(track, null);
    });
  };
  return {
    connect(session, room) {
      const before = [...wanted.values()].map(({ subscription }) => subscription);
      for (const entry of wanted.values()) entry.subscription = undefined;
      for (const subscription of before) subscription?.cancel();
      current = { session, room };
      for (const [track, entry] of wanted) begin(track, entry);
    },
    fetch(track, priority) {
      const before = wanted.get(track);
      if (before !== undefined && before.priority <= priority) return;
      const entry: Wanted = { priority, subscription: undefined };
      wanted.set(track, entry);
      before?.subscription?.cancel();
      begin(track, entry);
    },
    drop(track) {
      const entry = wanted.get(track);
      wanted.delete(track);
      entry?.subscription?.cancel();
    },
  };
}

/** Puts a track's objects together; null for what no room sends. */
function collect(onEnd: (content: Answer["content"]) => void): (payload: Uint8Array) => void {
  let whole: { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string } | undefined;
  let length = 0;
  let isOver = false;
  const end = (content: Answer["content"]): void => {
    isOver = true;
    onEnd(content);
  };
  return (payload) => {
    if (isOver) return;
    if (whole === undefined) {
      const head = readHead(payload);
      if (head === undefined) return end(null);
      whole = { bytes: new Uint8Array(head.size), type: head.type };
      return;
    }
    if (length + payload.length > whole.bytes.length) return end(null);
    whole.bytes.set(payload, length);
    length += payload.length;
    if (length === whole.bytes.length) end({ bytes: whole.bytes, type: whole.type });
  };
}

function readHead(payload: Uint8Array): { readonly size: number; readonly type: string } | undefined {
  try {
    const { size, kind }: Record<string, unknown> = JSON.parse(new TextDecoder().decode(payload));
    const isSize = typeof size === "number" && Number.isSafeInteger(size) && size > 0 && size <= BYTES_MAX;
    return isSize && typeof kind === "string" ? { size, type: kind } : undefined;
  } catch {
    return undefined;
  }
}
