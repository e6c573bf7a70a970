/** The beat at which pictures are drawn: with the screen where it beats, else by a timer. */

/** A hidden page's screen does not beat, but its voices go on. */
const TIMER_MS = 40;

/** Calls `onTick` until `stop`. */
export function startTicker(onTick: () => void): { stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let beat: number | undefined;
  let isOver = false;

  const tick = (): void => {
    clearTimeout(timer);
    if (beat !== undefined) cancelAnimationFrame(beat);
    if (isOver) return;
    timer = setTimeout(tick, TIMER_MS);
    if (typeof requestAnimationFrame === "function") beat = requestAnimationFrame(tick);
    onTick();
  };
  tick();
  return {
    stop() {
      isOver = true;
      tick();
    },
  };
}
