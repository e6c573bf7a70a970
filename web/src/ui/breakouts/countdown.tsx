/** How long groups have, and since when one waits: by the room's time. `breakout-time` with `data-seconds`. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { digits, readTimer } from "../../room/timer.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";

/** From here on people are warned, and a second time. */
const WARNINGS = [60, 30] as const;
const TICK_MS = 1_000;

interface CountdownProps {
  readonly view: RoomView;
  /** Unix time in ms. */
  readonly endsAt: number;
}

export function Countdown({ view, endsAt }: CountdownProps) {
  const tick = useSignal(0);
  // Read so that each tick shows the time anew.
  void tick.value;
  const clock = view.store.clock.value;
  const countdown = { form: { kind: "countdown", seconds: 0 }, clock: { kind: "runs", zeroAt: endsAt } } as const;
  const reading = clock === null ? null : readTimer(countdown, clock + performance.now());
  const changesInMs = reading?.changesInMs ?? null;
  useEffect(() => {
    const timeout = setTimeout(() => (tick.value = tick.peek() + 1), changesInMs === null ? TICK_MS : Math.ceil(changesInMs));
    return () => clearTimeout(timeout);
  });
  return reading === null ? null : <Face view={view} seconds={reading.seconds} />;
}

function Face({ view, seconds }: { readonly view: RoomView; readonly seconds: number }) {
  const words = text.value.breakout;
  const [first, second] = WARNINGS;
  const isLast = seconds <= first;
  const wasLast = useRef(isLast);
  useEffect(() => {
    if (isLast && !wasLast.current) {
      view.chime();
    }
    wasLast.current = isLast;
  }, [isLast]);
  return (
    <span class="breakout-time" data-last={isLast} data-seconds={seconds} data-testid="breakout-time">
      <Icon name="clock" />
      <span role="timer">{words.left(digits(seconds))}</span>
      <span class="hidden" aria-live="polite">
        {seconds > first ? "" : seconds > second ? words.minuteLeft : words.secondsLeft}
      </span>
    </span>
  );
}

/** How long someone has been waiting. */
export function Waiting({ view, since }: { readonly view: RoomView; readonly since: number }) {
  const tick = useSignal(0);
  void tick.value;
  const clock = view.store.clock.value;
  useEffect(() => {
    const timer = setInterval(() => (tick.value = tick.peek() + 1), TICK_MS);
    return () => clearInterval(timer);
  }, [tick]);
  const seconds = clock === null ? 0 : Math.max(0, Math.floor((clock + performance.now() - since) / 1_000));
  return <>{text.value.breakout.waits(text.value.hand.time(seconds))}</>;
}
