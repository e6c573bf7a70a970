/** Whether this person reads captions, and whether they write them. */

import { computed, signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { onDevice, recall, remember } from "../../remember.ts";
import { breakoutOf } from "../../room/breakouts.ts";
import type { RoomStore } from "../../room/store.ts";

const SHOWN_KEY = "mosaik.captions";

export interface CaptionsView {
  readonly isShown: ReadonlySignal<boolean>;
  readonly isWriting: Signal<boolean>;
  /** Moderators and presenters, unless they are in a group. */
  readonly mayWrite: ReadonlySignal<boolean>;
  /** Remembered on this device. */
  show(isShown: boolean): void;
}

export function createCaptions(store: RoomStore): CaptionsView {
  const isShown = signal(recall(onDevice, SHOWN_KEY) === "yes");
  return {
    isShown,
    isWriting: signal(false),
    mayWrite: computed(() => {
      const { participants, breakouts } = store.room.value;
      const role = participants.get(store.me)?.role;
      return role !== undefined && role !== "viewer" && breakoutOf(breakouts, store.me) === undefined;
    }),
    show(wanted) {
      isShown.value = wanted;
      remember(onDevice, SHOWN_KEY, wanted ? "yes" : "no");
    },
  };
}
