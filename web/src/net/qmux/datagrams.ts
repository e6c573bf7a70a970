/** Datagrams of a QMux session: what of them waits is little, and old ones make room. */

import { DATAGRAM_MS_MAX, DATAGRAMS_UNREAD_MAX, type Datagrams } from "../transport.ts";
import { DATAGRAM_HEAD_BYTES, datagramFrame } from "./frames.ts";
import { RECORD_BYTES_DEFAULT, type Parameters } from "./parameters.ts";
import { pullQueue } from "./pull-queue.ts";

export interface PeerDatagrams extends Datagrams {
  /** Takes the peer's parameters, which say how large a datagram may be. */
  begin(parameters: Parameters): void;
  /** A datagram of the peer's. */
  arrive(data: Uint8Array): void;
  fail(error: unknown): void;
}

/** `send` takes a DATAGRAM frame; `now` is in ms. */
export function peerDatagrams(send: (frame: Uint8Array<ArrayBuffer>) => void, now: () => number): PeerDatagrams {
  let maxBytes = 0;
  /** When each of those that wait has come. */
  const since: number[] = [];
  const unread = pullQueue<Uint8Array>({
    onTaken: () => void since.shift(),
    onCancel: () => undefined,
  });
  const isStale = (at: number | undefined): boolean => at !== undefined && now() - at > DATAGRAM_MS_MAX;
  return {
    get maxBytes() {
      return maxBytes;
    },
    readable: unread.readable,
    send(datagram) {
      if (maxBytes === 0 || datagram.length > maxBytes) return false;
      send(datagramFrame(datagram));
      return true;
    },
    begin({ maxDatagramFrameSize, maxRecordSize }) {
      const frame = Math.min(maxDatagramFrameSize, maxRecordSize, RECORD_BYTES_DEFAULT);
      maxBytes = Math.max(frame - DATAGRAM_HEAD_BYTES, 0);
    },
    arrive(data) {
      while (since.length >= DATAGRAMS_UNREAD_MAX || isStale(since[0])) {
        unread.dropOldest();
        since.shift();
      }
      since.push(now());
      // A view would keep the whole record.
      unread.push(data.slice());
    },
    fail: unread.fail,
  };
}
