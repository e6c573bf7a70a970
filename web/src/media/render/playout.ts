/** The loudspeaker: one audio context for all voices, started by the first gesture. */

import { assetUrl } from "../../assets.ts";
import { send } from "../ports.ts";
import type { Playout } from "../types.ts";
import { chime } from "./chime.ts";
import type { PlayoutSetup } from "./messages.ts";

/** Bluetooth loudspeakers come and go: their delay moves the pictures too. */
const LATENCY_EVERY_MS = 1_000;
/**
 * Firefox over PulseAudio asks the sound server from the page's thread each time, and at times waits
 * for good: the page stands still. There the delay is taken as that of a built-in loudspeaker.
 */
const CANNOT_ASK = /\bLinux\b.*\bFirefox\//;
const BUILT_IN_S = 0.04;
const GESTURES = ["pointerdown", "keydown", "touchend"] as const;

/** Rejects when the browser has no audio worklet or no audio device at all. */
export async function openPlayout(): Promise<Playout> {
  const context = new AudioContext({ latencyHint: "interactive" });
  const ended = new AbortController();
  let onChange: ((isRunning: boolean) => void) | undefined;
  const isRunning = (): boolean => context.state === "running";
  const close = (): void => {
    ended.abort();
    context.close().catch(() => undefined);
  };
  try {
    await context.audioWorklet.addModule(assetUrl("media/render/playout.worklet"));
  } catch (error) {
    close();
    throw error;
  }
  const node = new AudioWorkletNode(context, "mosaik-playout", {
    numberOfInputs: 0,
    outputChannelCount: [1],
  });
  node.connect(context.destination);
  const { port1, port2 } = new MessageChannel();
  send<PlayoutSetup>(node.port, { kind: "port", port: port1 }, [port1]);

  const tellLatency = (): void => {
    send<PlayoutSetup>(node.port, { kind: "latency", latencyMs: outputLatency(context) * 1_000 });
  };
  const timer = setInterval(tellLatency, LATENCY_EVERY_MS);
  ended.signal.addEventListener("abort", () => clearInterval(timer));

  // iOS interrupts a running context for calls and other apps: every gesture tries again.
  const resume = (): void => {
    if (!isRunning()) context.resume().catch(() => undefined);
  };
  for (const gesture of GESTURES) {
    document.addEventListener(gesture, resume, { signal: ended.signal, capture: true, passive: true });
  }
  context.addEventListener("statechange", () => onChange?.(isRunning()), { signal: ended.signal });
  resume();
  return {
    port: port2,
    isRunning,
    onChange(listener) {
      onChange = listener;
    },
    chime() {
      if (isRunning()) chime(context);
    },
    setSpeaker: (deviceId) => setSink(context, deviceId),
    close,
  };
}

/** Chromium's and newer than the DOM types. */
type Sinks = AudioContext & { setSinkId?(deviceId: string): Promise<void> };

/** Whether this browser can play all voices elsewhere than the system does. */
export const choosesSpeaker = (): boolean => typeof AudioContext !== "undefined" && "setSinkId" in AudioContext.prototype;

async function setSink(context: Sinks, deviceId: string): Promise<boolean> {
  try {
    await context.setSinkId?.(deviceId);
    return context.setSinkId !== undefined;
  } catch {
    // Unplugged since it was listed, or not allowed.
    return false;
  }
}

/** Seconds from the worklet to the ear. */
function outputLatency(context: AudioContext): number {
  if (CANNOT_ASK.test(navigator.userAgent)) return BUILT_IN_S;
  return context.outputLatency || context.baseLatency || 0;
}
