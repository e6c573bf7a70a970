/** Holds the canvas of a picture: when tiles are rendered anew, the element only moves. */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { RoomView } from "../view.ts";

export function CanvasFrame({ view, picture }: { readonly view: RoomView; readonly picture: string }) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const parent = frame.current;
    const canvas = view.canvases.canvasOf(picture);
    parent?.append(canvas);
    return () => {
      // A tile elsewhere may have taken it already.
      if (canvas.parentElement === parent) {
        canvas.remove();
      }
    };
  }, [view, picture]);
  return <div ref={frame} class="tile-canvas" />;
}
