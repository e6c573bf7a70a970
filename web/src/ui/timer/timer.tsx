/**
 * The timer in the room's head: `timer` with `data-stage` and `data-seconds`. For whoever leads it is the
 * way to the menu, and called `timer-toggle`.
 */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import type { Timer } from "../../room/messages.ts";
import { SHOWN_AFTER_MS, digits, readTimer } from "../../room/timer.ts";
import type { Reading } from "../../room/timer.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import { TimerMenu } from "./menu.tsx";

/** Whoever learns of the end later than this was not waiting for it. */
const CHIME_WITHIN_MS = 3_000;

export function RoomTimer({ view }: { readonly view: RoomView }) {
  const { timer } = view.store.room.value;
  const clock = view.store.clock.value;
  const leads = view.isModerator.value;
  if (timer !== null && clock !== null) {
    return (
      <>
        <RunningTimer view={view} timer={timer} clock={clock} />
        {leads ? <TimerMenu view={view} /> : null}
      </>
    );
  }
  return leads ? (
    <>
      <TimerButton view={view} />
      <TimerMenu view={view} />
    </>
  ) : null;
}

interface RunningProps {
  readonly view: RoomView;
  readonly timer: Timer;
  readonly clock: number;
}

function RunningTimer({ view, timer, clock }: RunningProps) {
  const tick = useSignal(0);
  // Read so that each tick shows the time anew.
  void tick.value;
  const reading = readTimer(timer, clock + performance.now());
  const { changesInMs, stage, overMs } = reading;
  useEffect(() => {
    if (changesInMs === null) {
      return undefined;
    }
    const timeout = setTimeout(() => (tick.value = tick.peek() + 1), Math.ceil(changesInMs));
    return () => clearTimeout(timeout);
  });
  const wasRunning = useRef(false);
  useEffect(() => {
    if (stage === "over" && wasRunning.current && overMs < CHIME_WITHIN_MS) {
      view.chime();
    }
    wasRunning.current = stage === "runs" || stage === "last";
  }, [stage]);
  return (
    <>
      <Face view={view} timer={timer} reading={reading} />
      <Spoken timer={timer} reading={reading} />
    </>
  );
}

interface FaceProps {
  readonly view: RoomView;
  readonly timer: Timer;
  readonly reading: Reading;
}

function Face({ view, timer, reading }: FaceProps) {
  const { stage, seconds, overMs } = reading;
  if (!view.isModerator.value) {
    return overMs >= SHOWN_AFTER_MS ? null : (
      <div class="timer" data-stage={stage} data-seconds={seconds} data-testid="timer">
        <Digits timer={timer} reading={reading} />
      </div>
    );
  }
  const words = text.value.timer;
  return (
    <button
      type="button"
      class="timer"
      data-stage={stage}
      data-seconds={seconds}
      aria-label={[words.title, digits(seconds), noteOf(stage)].filter((word) => word !== "").join(" ")}
      aria-expanded={view.isTimerMenuOpen.value}
      aria-controls="timer-menu"
      aria-keyshortcuts="T"
      title={`${words.title} (T)`}
      onClick={() => (view.isTimerMenuOpen.value = !view.isTimerMenuOpen.peek())}
      data-testid="timer-toggle"
    >
      <Digits timer={null} reading={reading} />
    </button>
  );
}

/** In a button, whose name says everything, it is no timer of its own. */
function Digits({ timer, reading }: { readonly timer: Timer | null; readonly reading: Reading }) {
  const { stage, seconds } = reading;
  const note = noteOf(stage);
  return (
    <>
      <Icon name={stage === "paused" ? "pauseSign" : "clock"} />
      <span {...(timer === null ? {} : { role: "timer", "aria-label": nameOf(timer) })} class="timer-digits">
        {digits(seconds)}
      </span>{" "}
      {note === "" ? null : <span class="timer-note">{note}</span>}
    </>
  );
}

function noteOf(stage: Reading["stage"]): string {
  const words = text.value.timer;
  return stage === "over" ? words.over : stage === "paused" ? words.paused : "";
}

/** What begins and what ends is told to the ear, and not each second. */
function Spoken({ timer, reading: { stage } }: { readonly timer: Timer; readonly reading: Reading }) {
  const words = text.value.timer;
  const name = nameOf(timer);
  return (
    <span class="hidden" aria-live="polite">
      {stage === "over" ? words.over : stage === "paused" ? `${name}: ${words.paused}` : words.runs(name)}
    </span>
  );
}

function nameOf({ form }: Timer): string {
  return form.kind === "countdown" ? text.value.timer.countdown : text.value.timer.stopwatch;
}

function TimerButton({ view }: { readonly view: RoomView }) {
  const words = text.value.timer;
  return (
    <button
      type="button"
      class="icon-button head-button head-timer"
      aria-label={words.title}
      title={`${words.title} (T)`}
      aria-expanded={view.isTimerMenuOpen.value}
      aria-controls="timer-menu"
      aria-keyshortcuts="T"
      onClick={() => (view.isTimerMenuOpen.value = !view.isTimerMenuOpen.peek())}
      data-testid="timer-toggle"
    >
      <Icon name="clock" />
    </button>
  );
}
