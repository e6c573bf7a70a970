/** What this person brings into the room: offered, sent, cancelled, and how far it is. */

import { effect, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Piece, ToContent } from "../../engine/messages.ts";
import type { Command, Refusal, UploadPlace } from "../../room/messages.ts";
import type { RoomStore } from "../../room/store.ts";

/** A part of a file, and an object of it (docs/protocol.md). */
export const PART_BYTES = 2 * 1024 * 1024;
const OBJECT_BYTES = 64 * 1024;

export interface OwnUpload {
  readonly key: number;
  readonly kind: "file" | "slides";
  readonly name: string;
  /** Bytes of a file, pieces of slides. */
  readonly size: number;
  readonly sent: number;
  /** Why it is over; null while it goes on. */
  readonly refusal: Refusal | null;
}

export interface Sharing {
  readonly uploads: ReadonlySignal<readonly OwnUpload[]>;
  share(files: readonly File[]): void;
  /** Opens a deck of so many pages and pieces; null when the room does not take it. */
  open(name: string, length: number, pieces: number): Promise<number | null>;
  add(key: number, pieces: readonly Piece[]): void;
  isGoingOn(key: number): boolean;
  /** Gives up an upload, or takes one that was refused off the list. */
  cancel(key: number): void;
  /** Tells of something that cannot be sent at all. */
  refuse(name: string, kind: OwnUpload["kind"], refusal: Refusal): void;
  close(): void;
}

/** The list of our own uploads. */
function ownUploads() {
  const uploads = signal<readonly OwnUpload[]>([]);
  return {
    uploads,
    find: (key: number): OwnUpload | undefined => uploads.peek().find((upload) => upload.key === key),
    add: (upload: OwnUpload): void => {
      uploads.value = [...uploads.peek(), upload];
    },
    change: (key: number, part: Partial<OwnUpload>): void => {
      uploads.value = uploads.peek().map((upload) => (upload.key === key ? Object.assign({}, upload, part) : upload));
    },
    remove: (key: number): void => {
      uploads.value = uploads.peek().filter((upload) => upload.key !== key);
    },
  };
}

export function createSharing(store: RoomStore, post: (message: ToContent) => void): Sharing {
  const own = ownUploads();
  const end = (key: number): void => post({ kind: "uploadOver", key });
  /** True when the room takes it. */
  const offer = async (upload: OwnUpload, command: Command): Promise<boolean> => {
    own.add(upload);
    const settled = await store.ask(command);
    const refusal = settled === null ? ({ code: "notAllowed" } as const) : settled.refusal;
    if (refusal === null) return true;
    end(upload.key);
    own.change(upload.key, { refusal });
    return false;
  };
  const shareOne = async (file: File): Promise<void> => {
    const key = newKey();
    // The room may ask before its answer is here.
    post({ kind: "upload", key, pieces: partsOf(file) });
    const upload = { key, kind: "file", name: file.name, size: file.size, sent: 0, refusal: null } as const;
    await offer(upload, { kind: "file", act: { kind: "offer", key, name: file.name, size: file.size } });
  };
  const giveUp = (key: number): void => void store.ask({ kind: "file", act: { kind: "cancel", key } });

  return {
    uploads: own.uploads,
    share: (files) => files.forEach((file) => void shareOne(file)),
    open: async (name, length, pieces) => {
      const key = newKey();
      post({ kind: "upload", key, pieces: [] });
      const upload = { key, kind: "slides", name, size: pieces, sent: 0, refusal: null } as const;
      return (await offer(upload, { kind: "slides", act: { kind: "open", key, name, length } })) ? key : null;
    },
    add: (key, pieces) => post({ kind: "upload", key, pieces }),
    isGoingOn: (key) => own.find(key)?.refusal === null,
    cancel: (key) => {
      const isGoingOn = own.find(key)?.refusal === null;
      own.remove(key);
      if (isGoingOn) {
        end(key);
        giveUp(key);
      }
    },
    refuse: (name, kind, refusal) => own.add({ key: newKey(), kind, name, size: 1, sent: 0, refusal }),
    close: followRoom(store, own, { post, end, giveUp }),
  };
}

interface Ways {
  post(message: ToContent): void;
  end(key: number): void;
  giveUp(key: number): void;
}

/** What the room has of our uploads, and which are over. */
function followRoom(store: RoomStore, own: ReturnType<typeof ownUploads>, { post, end, giveUp }: Ways): () => void {
  const known = new Set<number>();
  return effect(() => {
    const { uploads, uploadsOver } = store.inbox.value;
    for (const { key, refusal } of uploadsOver) {
      if (own.find(key)?.refusal !== null) continue;
      end(key);
      if (refusal === null) own.remove(key);
      else own.change(key, { refusal });
    }
    for (const [key, place] of uploads) {
      const upload = own.find(key);
      if (upload !== undefined) {
        post({ kind: "uploaded", key, place });
        own.change(key, { sent: Math.min(sentOf(upload, place), upload.size) });
        // What a page before this one began has nobody who could go on with it.
      } else if (!known.has(key)) giveUp(key);
      known.add(key);
    }
  });
}

/** Nobody else's uploads have our keys: a few of them never meet. */
function newKey(): number {
  const [key = 0] = crypto.getRandomValues(new Uint32Array(1));
  return key;
}

export function partsOf(file: Blob): Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0; from < file.size; from += PART_BYTES) {
    const body = file.slice(from, from + PART_BYTES);
    pieces.push({ head: JSON.stringify({ kind: "part", size: body.size }), body });
  }
  return pieces;
}

function sentOf({ kind }: OwnUpload, { group, object }: UploadPlace): number {
  return kind === "slides" ? group : group * PART_BYTES + Math.max(object - 1, 0) * OBJECT_BYTES;
}
