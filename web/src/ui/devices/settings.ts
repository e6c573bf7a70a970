/** How this person speaks, remembered on this device. */

import { signal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import { onDevice, recall, remember } from "../../remember.ts";

const SPACE = "mosaik.pushToTalk";
const MUTED = "mosaik.tellMuted";

/** The microphone is on only while Space is held. */
export const pushesToTalk = signal(recall(onDevice, SPACE) === "yes");

/** Whether a muted person is told that they speak, for which their device listens on; null: they never said. */
export const wantsMutedHint = signal<boolean | null>(answer(recall(onDevice, MUTED)));

export const setPushToTalk = (next: boolean): void => keep(pushesToTalk, SPACE, next);
export const setMutedHint = (next: boolean): void => keep(wantsMutedHint, MUTED, next);

function answer(kept: string | null): boolean | null {
  return kept === "yes" ? true : kept === "no" ? false : null;
}

function keep(setting: Signal<boolean> | Signal<boolean | null>, key: string, next: boolean): void {
  setting.value = next;
  remember(onDevice, key, next ? "yes" : "no");
}
