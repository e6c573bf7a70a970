/** Files on their way to this device. */

import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { SharedFile } from "../../room/messages.ts";
import type { Fetching } from "./fetching.ts";
import { PART_BYTES } from "./sharing.ts";

/** Behind everything else. */
const PRIORITY = 250;
/** The browser has begun to save by then. */
const SAVED_MS = 60_000;

export interface Downloads {
  /** Bytes that are here, by file; "failed" until it is tried again. */
  readonly progress: ReadonlySignal<ReadonlyMap<number, number | "failed">>;
  download(file: SharedFile): void;
}

export function createDownloads({ fetch }: Fetching): Downloads {
  const progress = signal<ReadonlyMap<number, number | "failed">>(new Map());
  const tell = (id: number, state: number | "failed" | undefined): void => {
    const next = new Map(progress.peek());
    if (state === undefined) next.delete(id);
    else next.set(id, state);
    progress.value = next;
  };
  const run = async ({ id, name, size }: SharedFile): Promise<void> => {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    tell(id, 0);
    for (let part = 0; part * PART_BYTES < size; part++) {
      const content = await fetch(`files/${id}/${part}`, PRIORITY);
      if (content === null) return tell(id, "failed");
      parts.push(content.bytes);
      length += content.bytes.length;
      tell(id, length);
    }
    tell(id, length === size ? undefined : "failed");
    if (length === size) save(name, parts);
  };
  return {
    progress,
    download: (file) => {
      if (typeof progress.peek().get(file.id) !== "number") void run(file);
    },
  };
}

/** Saves bytes under a name; whatever they are, no page of ours ever opens them. */
function save(name: string, parts: Uint8Array<ArrayBuffer>[]): void {
  const url = URL.createObjectURL(new Blob(parts, { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), SAVED_MS);
}
