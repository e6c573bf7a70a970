/** The loudspeaker: one audio context for all voices, started by the first gesture. */

import { assetUrl } from "../../assets.ts";
import { send } from "../ports.ts";
import type { Playout } from "../types.ts";
import type { PlayoutSetup } from "./messages.ts";

/** Bluetooth loudspeakers come and go: their delay moves the pictures too. */
const LATENCY_EVERY_MS = 1_000;
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
    const latencyMs = (context.outputLatency || context.baseLatency || 0) * 1_000;
    send<PlayoutSetup>(node.port, { kind: "latency", latencyMs });
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
    close,
  };
}
