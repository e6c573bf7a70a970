/** A microphone's track on its way to the engine. */

import { assetUrl } from "../../assets.ts";
import { send } from "../ports.ts";
import type { MicrophoneCapture } from "../types.ts";

/**
 * Rejects when the browser has no audio worklet. The context has the device's own rate: Firefox
 * connects no microphone to a context of another (bug 1725336).
 */
export async function captureMicrophone(track: MediaStreamTrack): Promise<MicrophoneCapture> {
  const context = new AudioContext({ latencyHint: "interactive" });
  const ended = new AbortController();
  const resume = (): void => {
    if (context.state !== "running") context.resume().catch(() => undefined);
  };
  try {
    await context.audioWorklet.addModule(assetUrl("media/capture/microphone.worklet"));
    const source = context.createMediaStreamSource(new MediaStream([track]));
    const node = new AudioWorkletNode(context, "mosaik-microphone", {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: "explicit",
    });
    source.connect(node);
    const { port1, port2 } = new MessageChannel();
    send(node.port, port1, [port1]);
    context.addEventListener("statechange", resume, { signal: ended.signal });
    document.addEventListener("pointerdown", resume, { signal: ended.signal, capture: true, passive: true });
    document.addEventListener("keydown", resume, { signal: ended.signal, capture: true, passive: true });
    resume();
    return {
      port: port2,
      close() {
        ended.abort();
        send(node.port, undefined);
        source.disconnect();
        context.close().catch(() => undefined);
      },
    };
  } catch (error) {
    context.close().catch(() => undefined);
    throw error;
  }
}
