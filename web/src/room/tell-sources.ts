/**
 * Keeps the room's word about our microphone, camera and screen true: asks whenever the two differ, also
 * after a reconnect when the room may have given the seat anew.
 */

import { effect, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { LineState } from "./line.ts";
import type { RoomStore } from "./store.ts";

export interface Sources {
  readonly mic: boolean;
  readonly cam: boolean;
  readonly screen: boolean;
}

type TellingStore = Pick<RoomStore, "me" | "room" | "ask">;

/** Follows `wanted` until the answer is called. Toggling while the line is away costs one command. */
export function tellSources(store: TellingStore, line: ReadonlySignal<LineState>, wanted: ReadonlySignal<Sources>): () => void {
  /** What the room was told on this line; its own record says so only a moment later. */
  const told = signal<Sources | null>(null);
  let retry: ReturnType<typeof setTimeout> | undefined;

  const tell = async (sources: Sources) => {
    told.value = sources;
    const settled = await store.ask({ kind: "setSources", ...sources });
    if (settled?.refusal?.code === "tooFast" && told.value === sources) {
      retry = setTimeout(() => (told.value = null), settled.refusal.retryAfterMs);
    }
  };

  const stop = effect(() => {
    const { mic, cam, screen } = wanted.value;
    const { participants, sharing } = store.room.value;
    const me = participants.get(store.me);
    if (line.value.state !== "open") {
      told.value = null;
      return;
    }
    if (me === undefined) {
      return;
    }
    const known = told.value ?? { mic: me.mic, cam: me.cam, screen: sharing.screens.includes(me.id) };
    if (known.mic !== mic || known.cam !== cam || known.screen !== screen) {
      void tell({ mic, cam, screen });
    }
  });
  return () => {
    clearTimeout(retry);
    stop();
  };
}
