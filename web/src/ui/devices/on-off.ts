/**
 * One device of a kind: off, on, or why not. A microphone that is muted may stay open, to listen on this device
 * alone.
 */

import { effect, signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { DeviceProblem, Opened, Wanted } from "./open.ts";

export type SourceState =
  | { readonly state: "off" }
  | { readonly state: "asking" }
  | { readonly state: "on"; readonly track: MediaStreamTrack }
  | { readonly state: "failed"; readonly problem: DeviceProblem };

/** One value: turning off what is off changes nothing. */
const OFF: SourceState = { state: "off" };

export interface OnOff {
  readonly state: ReadonlySignal<SourceState>;
  readonly chosen: Signal<string>;
  readonly isDetailed: Signal<boolean>;
  readonly keeping: ReturnType<typeof createKeeping>;
  onTrack(): MediaStreamTrack | undefined;
  /** On, or about to be. */
  isGoing(): boolean;
  turnOn(): Promise<void>;
  /** Lets the device go. */
  stop(): void;
  /** Off for the others, and open; false when it may not stay open. */
  keep(): boolean;
  /** Takes another device if it is on; one that is only kept is let go. */
  reopen(): Promise<void>;
  fail(problem: DeviceProblem): void;
}

/** `onOpened` hears of each track that is on. */
export function createOnOff(open: (wanted: Wanted) => Promise<Opened>, onOpened: (track: MediaStreamTrack) => Promise<void>): OnOff {
  const state = signal<SourceState>(OFF);
  const chosen = signal("");
  const isDetailed = signal(false);
  const keeping = createKeeping();

  const onTrack = () => {
    const now = state.peek();
    return now.state === "on" ? now.track : undefined;
  };
  const stop = () => {
    onTrack()?.stop();
    keeping.drop();
    state.value = OFF;
  };
  const isGoing = () => ["on", "asking"].includes(state.peek().state);

  const turnOn = async () => {
    if (isGoing()) {
      return;
    }
    const kept = keeping.give();
    if (kept !== undefined) {
      state.value = { state: "on", track: kept };
      return;
    }
    const asking: SourceState = { state: "asking" };
    state.value = asking;
    const opened = await open({ deviceId: chosen.peek(), isDetailed: isDetailed.peek() });
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
    state.value = { state: "on", track: opened.track };
    await onOpened(opened.track);
  };

  return {
    state,
    chosen,
    isDetailed,
    keeping,
    onTrack,
    isGoing,
    turnOn,
    stop,
    keep: () => {
      const track = onTrack();
      const mayKeep = track !== undefined && keeping.keeps.peek();
      if (mayKeep) {
        keeping.take(track);
        state.value = OFF;
      }
      return mayKeep;
    },
    reopen: async () => {
      const isOn = onTrack() !== undefined;
      keeping.drop();
      if (isOn) {
        stop();
        await turnOn();
      }
    },
    fail: (problem) => (state.value = { state: "failed", problem }),
  };
}

/** The device of a muted microphone, as long as it may stay open. */
function createKeeping() {
  const keeps = signal(false);
  const kept = signal<MediaStreamTrack | null>(null);
  const drop = () => {
    kept.peek()?.stop();
    kept.value = null;
  };
  effect(() => {
    if (!keeps.value) {
      drop();
    }
  });
  return {
    keeps,
    kept,
    drop,
    dropIf: (track: MediaStreamTrack) => {
      if (kept.peek() === track) {
        drop();
      }
    },
    take: (track: MediaStreamTrack) => (kept.value = track),
    give: () => {
      const track = kept.peek() ?? undefined;
      kept.value = null;
      return track?.readyState === "live" ? track : undefined;
    },
  };
}
