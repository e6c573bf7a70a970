/**
 * Fingers, pens, mice and wheels on the board: one draws, two move and enlarge the page. Once a pen was seen,
 * fingers only move it.
 */

import { createPinch } from "./pinch.ts";
import type { Place } from "./geometry.ts";
import type { Hand, Touch } from "./hand.ts";
import type { Surface } from "./surface.ts";

/** One notch of a wheel. */
const WHEEL = 0.0022;

export interface GestureParts {
  readonly surface: Surface;
  readonly hand: Hand;
  /** Wheels move what lies below. */
  readonly isFixed: boolean;
  /** Whether this person may draw here; else they look around. */
  mayDraw(): boolean;
  /** The laser points without being pressed. */
  isPointing(): boolean;
  isSpaceDown(): boolean;
}

export function listenToGestures(element: HTMLElement, parts: GestureParts): () => void {
  const { surface, hand } = parts;
  const pinch = createPinch(surface);
  const down = new Map<number, Place>();
  let drawing: number | undefined;
  let hasPen = false;

  const placeOf = (event: MouseEvent): Place => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const touchOf = (event: PointerEvent): Touch => ({
    ...surface.onPage(placeOf(event)),
    pressure: event.pointerType === "pen" && event.pressure > 0 ? event.pressure : undefined,
    isExact: event.shiftKey,
  });
  const onDown = (event: PointerEvent): void => {
    hasPen ||= event.pointerType === "pen";
    if (event.button > 1) return;
    element.setPointerCapture(event.pointerId);
    down.set(event.pointerId, placeOf(event));
    if (down.size > 1) {
      if (drawing !== undefined) hand.cancel();
      drawing = undefined;
      return;
    }
    const isFinger = event.pointerType === "touch" && hasPen;
    if (!parts.mayDraw() || isFinger || event.button === 1 || parts.isSpaceDown()) return;
    drawing = event.pointerId;
    hand.start(touchOf(event));
  };
  const onMove = (event: PointerEvent): void => {
    if (event.pointerId === drawing) {
      const all = event.getCoalescedEvents().map(touchOf);
      return hand.move(all.length > 0 ? all : [touchOf(event)]);
    }
    if (down.has(event.pointerId)) return moveView(event);
    if (parts.mayDraw() && parts.isPointing()) hand.start(touchOf(event));
  };
  const moveView = (event: PointerEvent): void => {
    const before = down.get(event.pointerId);
    const [other] = [...down].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    down.set(event.pointerId, placeOf(event));
    if (before !== undefined) pinch.move(other, before, placeOf(event));
  };
  const onUp = (event: PointerEvent): void => {
    if (down.delete(event.pointerId)) pinch.end();
    if (event.pointerId !== drawing) return;
    drawing = undefined;
    if (event.type === "pointercancel") hand.cancel();
    else hand.end();
  };
  const onLeave = (): void => {
    if (drawing === undefined && parts.isPointing()) hand.end();
  };
  const onWheel = (event: WheelEvent): void => {
    if (parts.isFixed) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) surface.zoom(Math.exp(-event.deltaY * WHEEL * 2), placeOf(event));
    else surface.pan(-event.deltaX, -event.deltaY);
  };
  const stop = new AbortController();
  const listen = { signal: stop.signal };
  element.addEventListener("pointerdown", onDown, listen);
  element.addEventListener("pointermove", onMove, listen);
  element.addEventListener("pointerup", onUp, listen);
  element.addEventListener("pointercancel", onUp, listen);
  element.addEventListener("pointerleave", onLeave, listen);
  element.addEventListener("wheel", onWheel, { ...listen, passive: false });
  return () => stop.abort();
}
