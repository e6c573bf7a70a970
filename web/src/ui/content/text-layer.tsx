/**
 * What is written on a slide, see-through over its picture, so that it can be selected and copied. Those who
 * hear the page have it as one text elsewhere.
 *
 * For browser tests: `slide-layer`.
 */

import { useLayoutEffect, useRef } from "preact/hooks";
import type { Run } from "./runs.ts";

export function TextLayer({ runs }: { readonly runs: readonly Run[] }) {
  const layer = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => void (layer.current === null ? undefined : fit(layer.current)), [runs]);
  return (
    <div ref={layer} class="slide-layer" aria-hidden="true" data-testid="slide-layer">
      {runs.map(({ text, place, endsLine }, index) =>
        place === null ? null : (
          <span key={index} style={{ "--left": place.left, "--top": place.top, "--width": place.width, "--height": place.height }}>
            {text}
            {endsLine ? <br /> : null}
          </span>
        ),
      )}
    </div>
  );
}

/** Letters of our font are as wide as those of the slide's; the share holds in every size. */
function fit(layer: HTMLElement): void {
  const spans = [...layer.querySelectorAll("span")];
  const whole = layer.clientWidth;
  // Read first, written then: the browser lays out once.
  const widths = spans.map((span) => span.offsetWidth);
  spans.forEach((span, index) => {
    const wanted = (Number(span.style.getPropertyValue("--width")) / 1_000) * whole;
    const found = widths[index] ?? 0;
    if (wanted > 0 && found > 0) span.style.setProperty("--stretch", (wanted / found).toFixed(4));
  });
}
