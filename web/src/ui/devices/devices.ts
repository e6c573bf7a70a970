/**
 * Microphone and camera of this person: off, on, or why not. One value for the join screen and the
 * room, so that what was allowed once is not asked again.
 */

import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { isGranted, listDevices, openSource } from "./open.ts";
import type { DeviceProblem, SourceKind } from "./open.ts";

const KEY = "mosaik.sources";

export type SourceState =
  | { readonly state: "off" }
  | { readonly state: "asking" }
  | { readonly state: "on"; readonly track: MediaStreamTrack }
  | { readonly state: "failed"; readonly problem: DeviceProblem };

/** One value: turning off what is off changes nothing. */
const OFF: SourceState = { state: "off" };

export interface Source {
  readonly kind: SourceKind;
  readonly state: ReadonlySignal<SourceState>;
  readonly choices: ReadonlySignal<readonly MediaDeviceInfo[]>;
  /** Id of the chosen device; empty is the browser's default. */
  readonly chosen: ReadonlySignal<string>;
  turnOn(): Promise<void>;
  turnOff(): void;
  toggle(): Promise<void>;
  choose(deviceId: string): Promise<void>;
  /** The device was opened but does not work: off, with the help for `problem`. */
  fail(problem: DeviceProblem): void;
  /** Puts the help for a problem away. */
  dismiss(): void;
}

export interface Devices {
  readonly mic: Source;
  readonly cam: Source;
  /** Turns on what a moderator had on in this room last time, if they agreed and the browser need not ask. */
  recall(room: string, isAgreed: (kind: SourceKind) => boolean): Promise<void>;
  /** Keeps what is on for the next lesson in this room. */
  remember(room: string): void;
  close(): void;
}

export function openDevices(): Devices {
  const mic = createSource("mic");
  const cam = createSource("cam");
  const sources = [mic, cam];
  const refresh = () => sources.forEach((source) => void source.refresh());
  navigator.mediaDevices?.addEventListener("devicechange", refresh);
  refresh();
  return {
    mic,
    cam,
    recall: async (room, isAgreed) => {
      const wanted = recalled(room);
      await Promise.all(
        sources.map(async (source) => {
          if (wanted.includes(source.kind) && isAgreed(source.kind) && (await isGranted(source.kind))) {
            await source.turnOn();
          }
        }),
      );
    },
    remember: (room) => {
      const on = sources.filter((source) => source.state.peek().state === "on").map(({ kind }) => kind);
      try {
        localStorage.setItem(KEY, JSON.stringify({ room, on }));
      } catch {
        // Without storage both are off next time, which is the default.
      }
    },
    close: () => {
      navigator.mediaDevices?.removeEventListener("devicechange", refresh);
      sources.forEach((source) => source.turnOff());
    },
  };
}

function recalled(room: string): readonly string[] {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null") as { room?: unknown; on?: unknown } | null;
    return kept?.room === room && Array.isArray(kept.on) ? kept.on.map(String) : [];
  } catch {
    return [];
  }
}

function createSource(kind: SourceKind): Source & { refresh(): Promise<void> } {
  const state = signal<SourceState>(OFF);
  const choices = signal<readonly MediaDeviceInfo[]>([]);
  const chosen = signal("");

  const refresh = async () => {
    choices.value = await listDevices(kind);
  };

  const turnOff = () => {
    const before = state.peek();
    if (before.state === "on") {
      before.track.stop();
    }
    state.value = OFF;
  };

  const isGoing = () => ["on", "asking"].includes(state.peek().state);

  const turnOn = async () => {
    if (isGoing()) {
      return;
    }
    const asking: SourceState = { state: "asking" };
    state.value = asking;
    const opened = await openSource(kind, chosen.peek());
    if (state.peek() !== asking) {
      // Turned off while the browser asked: the answer came too late.
      if (opened.kind === "opened") {
        opened.track.stop();
      }
      return;
    }
    if (opened.kind === "failed") {
      state.value = { state: "failed", problem: opened.problem };
      return;
    }
    const { track } = opened;
    track.addEventListener("ended", () => {
      const now = state.peek();
      if (now.state === "on" && now.track === track) {
        state.value = { state: "failed", problem: "unplugged" };
      }
    });
    state.value = { state: "on", track };
    await refresh();
  };

  return {
    kind,
    state,
    choices,
    chosen,
    refresh,
    turnOn,
    turnOff,
    toggle: async () => (isGoing() ? turnOff() : turnOn()),
    choose: async (deviceId) => {
      chosen.value = deviceId;
      if (state.peek().state === "on") {
        turnOff();
        await turnOn();
      }
    },
    fail: (problem) => {
      turnOff();
      state.value = { state: "failed", problem };
    },
    dismiss: () => {
      if (state.peek().state === "failed") {
        state.value = OFF;
      }
    },
  };
}
