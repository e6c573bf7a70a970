/** Microphone, camera and screen while the teacher has them locked: off, and the person is told why. */

import { effect, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Lock } from "../../room/messages.ts";
import type { Devices, Source } from "../devices/devices.ts";
import type { ScreenShare } from "../screen/share.ts";

/** What a person sends. */
export type SourceKind = Source["kind"] | "screen";

export const LOCK_OF: Readonly<Record<SourceKind, Lock>> = { mic: "microphone", cam: "camera", screen: "screen" };

/** What locks are watched for. */
export interface Lockable {
  readonly devices: Devices;
  readonly screen: ScreenShare;
  readonly locks: ReadonlySignal<ReadonlySet<Lock>>;
}

export interface LockedSources {
  /** Which one the person is being told about; null when they know. */
  readonly told: ReadonlySignal<SourceKind | null>;
  dismiss(): void;
  /** Switches, or says why not. */
  toggle(kind: SourceKind): void;
  close(): void;
}

export function watchLocks({ devices, screen, locks }: Lockable, toggle: (source: Source) => void): LockedSources {
  const told = signal<SourceKind | null>(null);
  const follow = (kind: SourceKind, { value: { state } }: ReadonlySignal<{ readonly state: string }>, turnOff: () => void) => {
    const isLocked = locks.value.has(LOCK_OF[kind]);
    if (isLocked && (state === "on" || state === "asking")) {
      turnOff();
      told.value = kind;
    } else if (!isLocked && told.peek() === kind) {
      told.value = null;
    }
  };
  const followDevice = (source: Source) => {
    follow(source.kind, source.state, source.turnOff);
    // What is kept to tell of speech that nobody hears is given back too.
    if (locks.value.has(LOCK_OF[source.kind]) && source.kept.value !== null) source.turnOff();
  };
  const ends = [
    effect(() => followDevice(devices.mic)),
    effect(() => followDevice(devices.cam)),
    effect(() => follow("screen", screen.state, screen.stop)),
  ];
  return {
    told,
    dismiss: () => (told.value = null),
    toggle: (kind) => {
      if (locks.peek().has(LOCK_OF[kind])) {
        told.value = kind;
      } else if (kind === "screen") {
        screen.toggle();
      } else {
        toggle(devices[kind]);
      }
    },
    close: () => ends.forEach((end) => end()),
  };
}
