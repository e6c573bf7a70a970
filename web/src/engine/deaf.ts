/** A receiver that looks at nobody and hears nobody: of tests, and of classes that only send. */

import type { Receiver } from "../media/types.ts";

export function deafReceiver(setTracks: Receiver["setTracks"] = () => undefined): Receiver {
  return {
    connect: () => Promise.resolve(),
    disconnect: () => undefined,
    setTracks,
    setCanvas: () => undefined,
    setHeight: () => undefined,
    setListening: () => undefined,
    setPlayout: () => undefined,
    levels: () => ({}),
    report: () => ({ pictures: {}, voices: {}, resting: [] }),
    close: () => undefined,
  };
}
