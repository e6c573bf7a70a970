/**
 * Starts, pauses and ends the timer, for whoever leads.
 *
 * For browser tests: `timer-menu`, `timer-preset` with `data-minutes`, `timer-minutes`, `timer-seconds`,
 * `timer-start`, `timer-stopwatch`, `timer-pause`, `timer-resume`, `timer-more`, `timer-end`.
 */

import { useSignal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import type { Timer, TimerAct } from "../../room/messages.ts";
import { TIMER_SECONDS_MAX } from "../../room/timer.ts";
import { Icon } from "../icon.tsx";
import { stayOpenInside } from "../popover.ts";
import type { RoomView } from "../view.ts";

const PRESETS = [1, 5, 10, 15] as const;

export function TimerMenu({ view }: { readonly view: RoomView }) {
  return view.isTimerMenuOpen.value ? <OpenTimerMenu view={view} /> : null;
}

function OpenTimerMenu({ view }: { readonly view: RoomView }) {
  const { timer } = view.store.room.value;
  const menu = useRef<HTMLElement>(null);
  const close = () => (view.isTimerMenuOpen.value = false);
  useEffect(() => stayOpenInside(menu.current, close), []);
  const ask = (act: TimerAct) => view.ask({ kind: "timer", act });
  return (
    <section ref={menu} id="timer-menu" class="timer-menu" aria-label={text.value.timer.title} data-testid="timer-menu">
      {timer === null ? <Starts ask={ask} close={close} /> : <Changes timer={timer} ask={ask} close={close} />}
    </section>
  );
}

interface Ways {
  readonly ask: (act: TimerAct) => void;
  readonly close: () => void;
}

function Starts({ ask, close }: Ways) {
  const words = text.value.timer;
  const start = (seconds: number) => {
    ask({ kind: "start", form: { kind: "countdown", seconds } });
    close();
  };
  return (
    <>
      <div class="timer-presets">
        {PRESETS.map((minutes) => (
          <button key={minutes} type="button" class="chip" onClick={() => start(minutes * 60)} data-minutes={minutes} data-testid="timer-preset">
            {words.preset(minutes)}
          </button>
        ))}
      </div>
      <OwnTime start={start} />
      <button
        type="button"
        class="button"
        onClick={() => {
          ask({ kind: "start", form: { kind: "stopwatch" } });
          close();
        }}
        data-testid="timer-stopwatch"
      >
        <Icon name="clock" />
        {words.stopwatch}
      </button>
    </>
  );
}

function OwnTime({ start }: { readonly start: (seconds: number) => void }) {
  const words = text.value.timer;
  const minutes = useSignal("");
  const seconds = useSignal("");
  const wanted = Number(minutes.value) * 60 + Number(seconds.value);
  const isPossible = Number.isInteger(wanted) && wanted >= 1 && wanted <= TIMER_SECONDS_MAX;
  return (
    <form
      class="timer-own"
      onSubmit={(event) => {
        event.preventDefault();
        if (isPossible) {
          start(wanted);
        }
      }}
    >
      <NumberField label={words.minutes} value={minutes} max={TIMER_SECONDS_MAX / 60} testId="timer-minutes" />
      <NumberField label={words.seconds} value={seconds} max={59} testId="timer-seconds" />
      <button type="submit" class="button button-main" disabled={!isPossible} data-testid="timer-start">
        {words.start}
      </button>
    </form>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: Signal<string>;
  readonly max: number;
  readonly testId: string;
}

function NumberField({ label, value, max, testId }: NumberFieldProps) {
  return (
    <label class="timer-field">
      <span>{label}</span>
      <input
        type="number"
        inputMode="numeric"
        min={0}
        max={max}
        step={1}
        value={value.value}
        onInput={({ currentTarget }) => (value.value = currentTarget.value)}
        data-testid={testId}
      />
    </label>
  );
}

function Changes({ timer, ask, close }: Ways & { readonly timer: Timer }) {
  const words = text.value.timer;
  const isPaused = timer.clock.kind === "paused";
  return (
    <div class="timer-row">
      <button
        type="button"
        class="button"
        onClick={() => ask({ kind: isPaused ? "resume" : "pause" })}
        data-testid={isPaused ? "timer-resume" : "timer-pause"}
      >
        {isPaused ? words.resume : words.pause}
      </button>
      {timer.form.kind === "countdown" ? (
        <button type="button" class="button" title={words.moreLong} onClick={() => ask({ kind: "addMinute" })} data-testid="timer-more">
          {words.more}
        </button>
      ) : null}
      <button
        type="button"
        class="button button-danger"
        onClick={() => {
          ask({ kind: "end" });
          close();
        }}
        data-testid="timer-end"
      >
        {words.end}
      </button>
    </div>
  );
}
