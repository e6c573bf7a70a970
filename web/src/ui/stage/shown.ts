/**
 * How tall each picture is shown, in pixels of the screen: what is larger than that is
 * not asked for, and what nobody can see not at all.
 */

export interface Shown {
  /** Follows the element from now on. */
  follow(picture: string, element: Element): void;
  forget(picture: string): void;
  close(): void;
}

export type TellHeight = (picture: string, height: number) => void;

/** While a window or a panel is being sized, sizes come by the dozen. */
const SETTLE_MS = 250;
/** Whoever looks into another tab is back soon, or stays there. */
const HIDDEN_MS = 3_000;
/** A panel that opens changes tiles by a few pixels: no other picture is needed for that. */
const STEP = 8;

export function watchShown(tell: TellHeight): Shown {
  const shown = new Map<Element, { readonly picture: string; height: number; isInView: boolean }>();
  const told = new Map<string, number>();
  let isHidden = document.hidden;
  let settling: ReturnType<typeof setTimeout> | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;

  const tellAll = (): void => {
    clearTimeout(settling);
    settling = undefined;
    for (const { picture, height, isInView } of shown.values()) {
      const pixels = isHidden || !isInView ? 0 : neededHeight(height, devicePixelRatio);
      if (told.get(picture) === pixels) continue;
      told.set(picture, pixels);
      tell(picture, pixels);
    }
  };
  /** Whoever becomes visible does not wait. */
  const change = (): void => {
    const isAwaited = [...shown.values()].some(({ picture, height, isInView }) => isInView && height > 0 && (told.get(picture) ?? 0) === 0);
    if (isAwaited && !isHidden) return tellAll();
    settling ??= setTimeout(tellAll, SETTLE_MS);
  };
  const setHidden = (hidden: boolean): void => {
    isHidden = hidden;
    tellAll();
  };
  const sizes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const known = shown.get(target);
      if (known !== undefined) known.height = contentRect.height;
    }
    change();
  });
  const views = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const known = shown.get(target);
      if (known !== undefined) known.isInView = isIntersecting;
    }
    change();
  });
  const onVisibility = (): void => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(setHidden, HIDDEN_MS, true);
    else setHidden(false);
  };
  document.addEventListener("visibilitychange", onVisibility);
  return {
    follow(picture, element) {
      shown.set(element, { picture, height: 0, isInView: false });
      sizes.observe(element);
      views.observe(element);
    },
    forget(picture) {
      for (const [element, known] of shown) {
        if (known.picture !== picture) continue;
        sizes.unobserve(element);
        views.unobserve(element);
        shown.delete(element);
      }
      told.delete(picture);
    },
    close() {
      clearTimeout(settling);
      clearTimeout(hiding);
      sizes.disconnect();
      views.disconnect();
      document.removeEventListener("visibilitychange", onVisibility);
    },
  };
}

/** Pixels of the screen that an element of this height in CSS pixels has, in steps; 0 only without any. */
export function neededHeight(height: number, pixelRatio: number): number {
  const pixels = height * pixelRatio;
  return pixels > 0 ? Math.max(Math.floor(pixels / STEP), 1) * STEP : 0;
}
