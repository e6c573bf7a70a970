/**
 * The canvases that pictures (`picture-name.ts`) are shown on. The engine draws on them from its worker, and a
 * canvas can be handed over once only: so each picture keeps one element, whatever is rendered around it.
 */

import type { ToEngine } from "../../engine/messages.ts";
import { watchShown } from "./shown.ts";

export interface Canvases {
  /** The picture's canvas; handed to the engine when first asked for. */
  canvasOf(picture: string): HTMLCanvasElement;
  /** Forgets the pictures of which it says no. */
  keepOnly(isThere: (picture: string) => boolean): void;
  /** Tells the engine nothing any more. */
  close(): void;
}

type Post = (message: ToEngine, transfer: Transferable[]) => void;

export function createCanvases(post: Post): Canvases {
  const canvases = new Map<string, HTMLCanvasElement>();
  const shown = watchShown((picture, height) => post({ kind: "shown", picture, height }, []));
  return {
    canvasOf: (picture) => {
      const known = canvases.get(picture);
      if (known !== undefined) {
        return known;
      }
      const element = document.createElement("canvas");
      const canvas = element.transferControlToOffscreen();
      canvases.set(picture, element);
      post({ kind: "attach", picture, canvas }, [canvas]);
      shown.follow(picture, element);
      return element;
    },
    keepOnly: (isThere) => {
      for (const [picture, element] of canvases) {
        if (!isThere(picture)) {
          element.remove();
          shown.forget(picture);
          canvases.delete(picture);
          post({ kind: "detach", picture }, []);
        }
      }
    },
    close: shown.close,
  };
}
