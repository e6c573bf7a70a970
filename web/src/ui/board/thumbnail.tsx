/** A whole board, small and only to be looked at. */

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RoomView } from "../view.ts";
import { RATIO } from "./board.tsx";
import { paintPage } from "./export.ts";
import { readBoard } from "./reader.ts";

/** A class draws on thirty boards at a time: small pictures of them may be a moment late. */
const PAINT_EVERY_MS = 300;
const PIXELS = 480;

export function Thumbnail({ view, board }: { readonly view: RoomView; readonly board: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shapes = useSignal(0);
  useLayoutEffect(() => {
    const { reader, close } = readBoard(view, board);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const paint = () => {
      timer = undefined;
      shapes.value = reader.model.shown.size;
      const context = canvas.current?.getContext("2d");
      if (context) paintPage(context, reader.model.shown, PIXELS);
    };
    const later = () => void (timer ??= setTimeout(paint, PAINT_EVERY_MS));
    const forget = reader.listen(later);
    paint();
    return () => {
      clearTimeout(timer);
      forget();
      close();
    };
  }, [view, board, shapes]);
  return <canvas ref={canvas} class="board-thumb" width={PIXELS} height={Math.round(PIXELS / RATIO)} data-shapes={shapes.value} />;
}
