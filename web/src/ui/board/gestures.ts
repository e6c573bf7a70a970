/**
 * Fingers, pens, mice and wheels on the board: one draws, two move and enlarge the page. Once a pen was seen,
 * fingers only move it.
 */

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

/** One finger moves the page, and two enlarge it where they are; `other` is the one that rests. */
function moveBy(surface: Surface, other: Place | undefined, before: Place, now: Place): void {
  if (other === undefined) return surface.pan(now.x - before.x, now.y - before.y);
  const factor = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
  const by = { x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 };
  surface.pinch(by, factor, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
}

export function listenToGestures(element: HTMLElement, parts: GestureParts): () => void {
  const { surface, hand } = parts;
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
    const now = placeOf(event);
    down.set(event.pointerId, now);
    if (before !== undefined) moveBy(surface, other, before, now);
  };
  const onUp = (event: PointerEvent): void => {
    if (down.delete(event.pointerId)) surface.letGo();
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
