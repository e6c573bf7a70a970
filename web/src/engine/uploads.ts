/**
 * What we bring into the room: each upload is a track of ours, a group a piece, which the room asks for.
 * A piece begins with its head; its bytes follow in objects of one size, so that a place in it is a place
 * in the bytes. What the room has is dropped here.
 */

import { ResetCode } from "../moqt/codes.ts";
import type { Publication, SubgroupWriter, TrackOffer } from "../moqt/types.ts";
import type { Piece, Place } from "./messages.ts";

/** Below everything that is live. */
const PRIORITY = 240;
/** docs/protocol.md: an object of an upload. */
const OBJECT_BYTES = 64 * 1024;
/** What waits at the transport delays what is more urgent: one object, and the next is read meanwhile. */
const WAITING_BYTES = 16 * 1024;
const LOOK_AGAIN_MS = 5;
/** A relay without place for a piece stops its stream, and may have place a moment later. */
const STOPPED_MS = 1_000;

export interface Uploads {
  /** The offer for `upload/<key>`; undefined for one that is not ours. */
  offer(track: string): TrackOffer | undefined;
  /** More pieces of an upload, which begins with the first of them. */
  add(key: number, pieces: readonly Piece[]): void;
  /** The room has everything before this place. */
  has(key: number, place: Place): void;
  end(key: number): void;
}

interface Upload {
  /** Pieces from `first` on. */
  pieces: Piece[];
  first: number;
  place: Place;
  publication: Publication | undefined;
  writer: SubgroupWriter | undefined;
}

export function createUploads(): Uploads {
  const uploads = new Map<string, Upload>();
  return {
    offer(track) {
      const upload = uploads.get(track);
      if (upload === undefined) return undefined;
      return {
        priority: PRIORITY,
        start(publication) {
          upload.publication = publication;
          // What goes on by another session is not to be waited for on this one.
          upload.writer?.reset(ResetCode.cancelled);
          void send(upload, publication);
        },
      };
    },
    add(key, pieces) {
      const name = nameOf(key);
      const upload = uploads.get(name);
      if (upload === undefined) {
        uploads.set(name, { pieces: [...pieces], first: 0, place: { group: 0, object: 0 }, publication: undefined, writer: undefined });
      } else {
        upload.pieces.push(...pieces);
      }
    },
    has(key, place) {
      const upload = uploads.get(nameOf(key));
      if (upload === undefined) return;
      upload.place = place;
      upload.pieces.splice(0, place.group - upload.first);
      upload.first = Math.max(upload.first, place.group);
    },
    end(key) {
      uploads.get(nameOf(key))?.publication?.end();
      uploads.delete(nameOf(key));
    },
  };
}

const nameOf = (key: number): string => `upload/${key}`;

/** Sends from where the room is, as long as this publication is the one that it listens to. */
async function send(upload: Upload, publication: Publication): Promise<void> {
  let isOver = false;
  void publication.ended.then(() => (isOver = true));
  const isCurrent = (): boolean => !isOver && upload.publication === publication;
  let { group, object } = upload.place;
  while (isCurrent()) {
    const piece = upload.pieces[group - upload.first];
    // It is still to be made, or the room has not got all of the one before: streams overtake each other.
    if (piece === undefined || group > upload.place.group) {
      await pause();
      continue;
    }
    const writer = publication.openSubgroup(group, 0);
    upload.writer = writer;
    await sendPiece(writer, piece, object, isCurrent);
    if (!isCurrent()) return;
    if (!writer.isOpen) {
      await pause(STOPPED_MS);
      ({ group, object } = upload.place);
      continue;
    }
    writer.finish();
    group += 1;
    object = 0;
  }
}

async function sendPiece(writer: SubgroupWriter, { head, body }: Piece, from: number, isCurrent: () => boolean): Promise<void> {
  if (from === 0) writer.write(new TextEncoder().encode(head));
  const last = Math.ceil(body.size / OBJECT_BYTES);
  for (let object = Math.max(from, 1); object <= last; object++) {
    const bytes = await body.slice((object - 1) * OBJECT_BYTES, object * OBJECT_BYTES).arrayBuffer();
    while (isCurrent() && writer.queuedBytes > WAITING_BYTES) await pause();
    if (!isCurrent() || !writer.isOpen) return;
    writer.write(new Uint8Array(bytes), undefined, object);
  }
}

const pause = (ms = LOOK_AGAIN_MS): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
