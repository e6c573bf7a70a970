/**
 * Where one is while groups are open, and what one can do about it; above the stage.
 *
 * For browser tests: `breakout-bar` with `data-place` (a number of a group, `aside`, `main`), `call-help`,
 * `breakout-back`, `end-aside`, `breakout-choose`, `breakout-open`.
 */

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { breakoutOf, callOf } from "../../room/breakouts.ts";
import type { Breakout, BreakoutAct } from "../../room/messages.ts";
import { Icon } from "../icon.tsx";
import { shownName } from "../lead/names.ts";
import type { RoomView } from "../view.ts";
import { Countdown } from "./countdown.tsx";
import { namesHere, titleById, titleOf } from "./titles.ts";

interface Props {
  readonly view: RoomView;
}

export function BreakoutBar({ view }: Props) {
  const { breakouts, participants } = view.store.room.value;
  const here = breakoutOf(breakouts, view.store.me);
  if (here === undefined && breakouts.how === null) {
    return null;
  }
  const { endsAt } = breakouts;
  const speaker = breakouts.voice === view.store.me ? undefined : participants.get(breakouts.voice ?? "");
  const isAside = here?.number === 0;
  return (
    <section
      class="breakout-bar"
      aria-label={text.value.breakout.title}
      data-place={here === undefined ? "main" : isAside ? "aside" : here.number}
      data-testid="breakout-bar"
    >
      <Icon name={isAside ? "person" : "groups"} />
      <Place view={view} here={here} />
      {speaker === undefined ? null : (
        <span class="breakout-voice">
          <Icon name="sound" />
          {text.value.breakout.speaks(shownName(view, speaker.id, speaker.name))}
        </span>
      )}
      {endsAt === null || isAside ? null : <Countdown view={view} endsAt={endsAt} />}
      <Ways view={view} here={here} />
    </section>
  );
}

interface HereProps extends Props {
  /** Undefined in the main room. */
  readonly here: Breakout | undefined;
}

function Place({ view, here }: HereProps) {
  const words = text.value.breakout;
  const { how } = view.store.room.value.breakouts;
  if (here === undefined) {
    return <p class="breakout-place">{how === "choice" && !view.isModerator.value ? words.choose : words.open}</p>;
  }
  const names = namesHere(view);
  return (
    <p class="breakout-place">
      <strong>{titleOf(here)}</strong>{" "}
      <span>
        {names.length === 0 ? words.alone : words.with(names.join(", "))}
        {view.isModerator.value && here.number > 0 ? ` · ${words.visiting}` : null}
      </span>
    </p>
  );
}

function Ways({ view, here }: HereProps) {
  const words = text.value.breakout;
  const { how, calls } = view.store.room.value.breakouts;
  const leads = view.isModerator.value;
  const ask = (act: BreakoutAct) => view.ask({ kind: "breakout", act });
  if (here?.number === 0) {
    return (
      <Way testId="end-aside" onClick={() => ask({ kind: "endAside" })}>
        {words.endAside}
      </Way>
    );
  }
  return (
    <>
      {leads && calls.length > 0 && view.panel.value !== "breakouts" ? (
        <button type="button" class="button button-small breakout-calls" onClick={() => (view.panel.value = "breakouts")} data-testid="breakout-calls">
          <Icon name="alert" />
          {words.waiting(calls.length)}
        </button>
      ) : null}
      {!leads && how === "choice" ? (
        <Way testId="breakout-choose" isMain={here === undefined} onClick={() => (view.panel.value = "breakouts")}>
          {here === undefined ? words.chooseShort : words.change}
        </Way>
      ) : null}
      {here !== undefined && !leads ? <CallHelp view={view} here={here} /> : null}
      {here !== undefined && leads ? (
        <Way testId="breakout-back" label={words.backLong} isMain onClick={() => ask({ kind: "lookIn", breakout: null })}>
          {words.back}
        </Way>
      ) : null}
      {here === undefined && leads && view.panel.value !== "breakouts" ? (
        <Way testId="breakout-open" onClick={() => (view.panel.value = "breakouts")}>
          {words.openPanel}
        </Way>
      ) : null}
    </>
  );
}

function CallHelp({ view, here }: { readonly view: RoomView; readonly here: Breakout }) {
  const words = text.value.breakout;
  const isCalled = callOf(view.store.room.value.breakouts, here.id) !== undefined;
  return (
    <button
      type="button"
      class="button button-small breakout-call"
      aria-pressed={isCalled}
      title={isCalled ? `${words.calledHelp} ${words.takeBack}` : words.call}
      onClick={() => view.ask({ kind: "breakout", act: { kind: "callHelp", wanted: !isCalled } })}
      data-testid="call-help"
    >
      <Icon name="hand" />
      {isCalled ? words.called : words.call}
    </button>
  );
}

interface WayProps {
  readonly testId: string;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
  readonly label?: string;
  readonly isMain?: boolean;
}

function Way({ testId, onClick, children, label, isMain = false }: WayProps) {
  return (
    <button type="button" class={`button button-small ${isMain ? "button-main" : ""}`} aria-label={label} onClick={onClick} data-testid={testId}>
      {children}
    </button>
  );
}

/** Tells those who do not see the bar where they are, and moderators who calls. */
export function BreakoutAnnouncer({ view }: Props) {
  const words = text.value.breakout;
  const { breakouts } = view.store.room.value;
  const here = breakoutOf(breakouts, view.store.me);
  const names = here === undefined ? [] : namesHere(view);
  const place = here === undefined ? "" : words.nowIn([titleOf(here), ...names].join(", "));
  const calls = view.isModerator.value ? breakouts.calls : [];
  const wasAway = useRef(false);
  wasAway.current ||= here !== undefined;
  return (
    <>
      <p class="hidden" aria-live="polite">
        {here === undefined && wasAway.current ? words.nowBack : place}
      </p>
      <p class="hidden" aria-live="assertive">
        {calls.map(({ breakout }) => words.callsFrom(titleById(view, breakout))).join(" ")}
      </p>
    </>
  );
}
