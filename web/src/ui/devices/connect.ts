/** Hands what the devices give to the engine, and the engine's sound to the loudspeaker. */

import { effect, signal } from "@preact/signals";
import type { ToEngine } from "../../engine/messages.ts";
import { capturePictures } from "../../media/capture/pictures.ts";
import { captureMicrophone } from "../../media/capture/microphone.ts";
import { choosesSpeaker, openPlayout } from "../../media/render/playout.ts";
import type { MicrophoneCapture, Playout } from "../../media/types.ts";
import type { ScreenShare } from "../screen/share.ts";
import type { Devices, Source } from "./devices.ts";
import type { Sound } from "./sound.ts";
import { watchSpeakers } from "./speaker.ts";

/** A context that may play does so within this time; before it nobody is told that they hear nothing. */
const START_PATIENCE_MS = 1_000;

type Post = (message: ToEngine, transfer?: Transferable[]) => void;

export function connectMedia(devices: Devices, screen: ScreenShare, post: Post): { readonly sound: Sound; close(): void } {
  const sound = openSound(post);
  const ends = [sendCamera(devices.cam, post), sendScreen(screen, post), sendMicrophone(devices.mic, post), sound.close];
  return { sound, close: () => ends.forEach((end) => end()) };
}

function sendCamera(source: Source, post: Post): () => void {
  return effect(() => {
    const state = source.state.value;
    if (state.state !== "on") {
      return undefined;
    }
    const capture = capturePictures(state.track);
    post({ kind: "camera", frames: capture.frames, size: sizeOf(state.track), isDetailed: source.isDetailed.peek() }, [capture.frames]);
    return () => {
      post({ kind: "cameraOff" });
      capture.close();
    };
  });
}

function sendScreen(screen: ScreenShare, post: Post): () => void {
  return effect(() => {
    const state = screen.state.value;
    if (state.state !== "on") {
      return undefined;
    }
    const capture = capturePictures(state.track);
    post({ kind: "screen", frames: capture.frames, size: sizeOf(state.track) }, [capture.frames]);
    return () => {
      post({ kind: "screenOff" });
      capture.close();
    };
  });
}

/** Cameras of tests and some phones do not say. */
function sizeOf(track: MediaStreamTrack): { readonly width: number; readonly height: number } | undefined {
  const { width, height } = track.getSettings();
  return width === undefined || height === undefined || width === 0 || height === 0 ? undefined : { width, height };
}

function sendMicrophone(source: Source, post: Post): () => void {
  return effect(() => {
    const state = source.state.value;
    if (state.state !== "on") {
      return undefined;
    }
    let isOver = false;
    let capture: MicrophoneCapture | undefined;
    const start = async () => {
      const opened = await captureMicrophone(state.track);
      if (isOver) {
        opened.close();
        return;
      }
      capture = opened;
      post({ kind: "microphone", port: opened.port }, [opened.port]);
    };
    start().catch(() => {
      if (!isOver) {
        source.fail("busy");
      }
    });
    return () => {
      isOver = true;
      if (capture !== undefined) {
        post({ kind: "microphoneOff" });
        capture.close();
      }
    };
  });
}

function openSound(post: Post): Sound {
  const isBlocked = signal(false);
  let playout: Playout | undefined;
  let isOver = false;
  const open = async () => {
    const opened = await openPlayout();
    if (isOver || playout !== undefined) {
      opened.close();
      return;
    }
    playout = opened;
    opened.onChange((isRunning) => (isBlocked.value = !isRunning));
    post({ kind: "playout", port: opened.port }, [opened.port]);
  };
  // Without a loudspeaker the person is offered to try again.
  const tryOpen = () => void open().catch(() => (isBlocked.value = !isOver));
  const patience = setTimeout(() => (isBlocked.value = playout?.isRunning() !== true), START_PATIENCE_MS);
  tryOpen();
  const speaker = choosesSpeaker() ? watchSpeakers(async (deviceId) => (await playout?.setSpeaker(deviceId)) ?? false) : null;
  return {
    isBlocked,
    speaker,
    start: () => {
      // The playout follows the gesture by itself; only one that never opened needs help.
      if (playout === undefined) {
        tryOpen();
      }
    },
    chime: () => playout?.chime(),
    close: () => {
      isOver = true;
      speaker?.close();
      clearTimeout(patience);
      playout?.close();
    },
  };
}
