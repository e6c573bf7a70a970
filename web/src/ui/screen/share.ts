/** The screen, window or tab of this person that others see: off, being chosen, or shared. */

import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";

export type ShareState =
  | { readonly state: "off" }
  /** The browser asks which one. */
  | { readonly state: "asking" }
  | { readonly state: "on"; readonly track: MediaStreamTrack }
  /** Browser or device did not let it. */
  | { readonly state: "failed" };

export interface ScreenShare {
  readonly state: ReadonlySignal<ShareState>;
  toggle(): void;
  stop(): void;
  /** Puts the help away. */
  dismiss(): void;
}

/** One value: stopping what is off changes nothing. */
const OFF: ShareState = { state: "off" };

/** More than the better rendition has is not asked for; more pictures a second make no text more readable. */
const SCREEN = { width: { max: 1_920 }, height: { max: 1_920 }, frameRate: { ideal: 15, max: 15 } } as const satisfies MediaTrackConstraints;

/** Newer than the DOM types: the room itself is not offered, it would show itself in itself. */
const OPTIONS = { video: SCREEN, audio: false, selfBrowserSurface: "exclude", surfaceSwitching: "include" };

/** Phones cannot share their screen from a page. */
export const canShare = (): boolean => typeof navigator.mediaDevices?.getDisplayMedia === "function";

export function createScreenShare(): ScreenShare {
  const state = signal<ShareState>(OFF);
  const stop = (): void => {
    const before = state.peek();
    if (before.state === "on") {
      before.track.stop();
    }
    state.value = OFF;
  };
  const start = async (): Promise<void> => {
    const asking: ShareState = { state: "asking" };
    state.value = asking;
    const opened = await choose();
    if (state.peek() !== asking) {
      // Stopped while the browser asked: the answer came too late.
      if (opened !== null && opened !== "failed") {
        opened.stop();
      }
      return;
    }
    if (opened === null || opened === "failed") {
      state.value = opened === null ? OFF : { state: "failed" };
      return;
    }
    const on: ShareState = { state: "on", track: opened };
    // By the browser's own bar, or since the window was closed.
    opened.addEventListener("ended", () => {
      if (state.peek() === on) {
        stop();
      }
    });
    state.value = on;
  };
  return {
    state,
    stop,
    toggle: () => {
      if (["on", "asking"].includes(state.peek().state)) {
        stop();
      } else if (canShare()) {
        void start();
      }
    },
    dismiss: () => {
      if (state.peek().state === "failed") {
        state.value = OFF;
      }
    },
  };
}

/** What the person chose; null when they chose nothing. */
async function choose(): Promise<MediaStreamTrack | "failed" | null> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia(OPTIONS);
    const [track] = stream.getVideoTracks();
    if (track === undefined) {
      return "failed";
    }
    track.contentHint = "text";
    return track;
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: "", message: "" };
    // Whoever closes the question has changed their mind; only Chromium tells a system's "no" apart, in the message.
    return name === "NotAllowedError" && !/system/i.test(message) ? null : "failed";
  }
}
