/** How large an element is. */

export interface Area {
  readonly width: number;
  readonly height: number;
}

/** Reports the content box of `element` whenever it changes. */
export function watchArea(element: HTMLElement | null, report: (area: Area) => void): () => void {
  const observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) {
      report({ width: entry.contentRect.width, height: entry.contentRect.height });
    }
  });
  if (element !== null) {
    observer.observe(element);
  }
  return () => observer.disconnect();
}
