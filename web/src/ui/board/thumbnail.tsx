/** A whole board, small and only to be looked at; what is drawn over a slide lies over its picture. */

import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RoomView } from "../view.ts";
import { paintPage, paintShapes } from "./export.ts";
import { readBoard } from "./reader.ts";
import { RATIO } from "./sheet.ts";

/** A class draws on thirty boards at a time: small pictures of them may be a moment late. */
const PAINT_EVERY_MS = 300;
const PIXELS = 480;

interface ThumbnailProps {
  readonly view: RoomView;
  readonly board: string;
  readonly ratio?: number;
  /** There is a picture below it. */
  readonly isOver?: boolean;
}

export function Thumbnail({ view, board, ratio = RATIO, isOver = false }: ThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shapes = useSignal(0);
  useLayoutEffect(() => {
    const { reader, close } = readBoard(view, board);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const paint = () => {
      timer = undefined;
      const { shown } = reader.model;
      shapes.value = shown.size;
      const context = canvas.current?.getContext("2d");
      if (!context) return;
      if (!isOver) return paintPage(context, shown, PIXELS, ratio);
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, PIXELS, PIXELS / ratio);
      paintShapes(context, shown, PIXELS);
    };
    const later = () => void (timer ??= setTimeout(paint, PAINT_EVERY_MS));
    const forget = reader.listen(later);
    paint();
    return () => {
      clearTimeout(timer);
      forget();
      close();
    };
  }, [view, board, ratio, isOver, shapes]);
  return <canvas ref={canvas} class={isOver ? "slide-thumb-drawing" : "board-thumb"} width={PIXELS} height={Math.round(PIXELS / ratio)} data-shapes={shapes.value} />;
}
