/** Microphone and camera while the teacher has them locked: off, and the person is told why. */

import { effect, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Lock } from "../../room/messages.ts";
import type { Devices, Source } from "../devices/devices.ts";

export type SourceKind = Source["kind"];

export const LOCK_OF: Readonly<Record<SourceKind, Lock>> = { mic: "microphone", cam: "camera" };

export interface LockedSources {
  /** Which one the person is being told about; null when they know. */
  readonly told: ReadonlySignal<SourceKind | null>;
  dismiss(): void;
  /** Switches, or says why not. */
  toggle(kind: SourceKind): void;
  close(): void;
}

export function watchLocks(devices: Devices, locks: ReadonlySignal<ReadonlySet<Lock>>, toggle: (source: Source) => void): LockedSources {
  const told = signal<SourceKind | null>(null);
  const follow = (source: Source) =>
    effect(() => {
      const isLocked = locks.value.has(LOCK_OF[source.kind]);
      const { state } = source.state.value;
      if (isLocked && (state === "on" || state === "asking")) {
        source.turnOff();
        told.value = source.kind;
      } else if (isLocked && source.kept.value !== null) {
        source.turnOff();
      } else if (!isLocked && told.peek() === source.kind) {
        told.value = null;
      }
    });
  const ends = [follow(devices.mic), follow(devices.cam)];
  return {
    told,
    dismiss: () => (told.value = null),
    toggle: (kind) => {
      if (locks.peek().has(LOCK_OF[kind])) {
        told.value = kind;
      } else {
        toggle(devices[kind]);
      }
    },
    close: () => ends.forEach((end) => end()),
  };
}
