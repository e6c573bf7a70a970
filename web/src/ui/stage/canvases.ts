/**
 * The canvases participants are shown on. The engine draws on them from its worker, and a canvas can
 * be handed over once only: so each participant keeps one element, whatever is rendered around it.
 */

import type { ToEngine } from "../../engine/messages.ts";
import { watchShown } from "./shown.ts";

export interface Canvases {
  /** The participant's canvas; handed to the engine when first asked for. */
  canvasOf(participant: string): HTMLCanvasElement;
  /** Forgets everyone who is not listed. */
  keepOnly(participants: ReadonlyMap<string, unknown>): void;
  /** Tells the engine nothing any more. */
  close(): void;
}

type Post = (message: ToEngine, transfer: Transferable[]) => void;

export function createCanvases(post: Post): Canvases {
  const canvases = new Map<string, HTMLCanvasElement>();
  const shown = watchShown((participant, height) => post({ kind: "shown", participant, height }, []));
  return {
    canvasOf: (participant) => {
      const known = canvases.get(participant);
      if (known !== undefined) {
        return known;
      }
      const element = document.createElement("canvas");
      const canvas = element.transferControlToOffscreen();
      canvases.set(participant, element);
      post({ kind: "attach", participant, canvas }, [canvas]);
      shown.follow(participant, element);
      return element;
    },
    keepOnly: (participants) => {
      for (const [participant, element] of canvases) {
        if (!participants.has(participant)) {
          element.remove();
          shown.forget(participant);
          canvases.delete(participant);
          post({ kind: "detach", participant }, []);
        }
      }
    },
    close: shown.close,
  };
}
