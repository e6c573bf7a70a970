/** What the room cannot do without. */

export type BrowserProblem = "insecure" | "unsupported";

/** Null when this browser can take part. Without a secure context it hides what we look for. */
export function browserProblem(): BrowserProblem | null {
  if (!isSecureContext) {
    return "insecure";
  }
  const isComplete = ["WebTransport", "VideoDecoder", "AudioDecoder", "AudioWorkletNode", "OffscreenCanvas"].every(
    (name) => name in globalThis,
  );
  return isComplete ? null : "unsupported";
}
