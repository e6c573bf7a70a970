/**
 * The own line in the room's head: three bars, and what they mean.
 *
 * For browser tests: `line-toggle` with `data-grade`, `own-line`, `line-close`, `line-all`.
 */

import { useEffect, useRef } from "preact/hooks";
import { text } from "../../i18n/language.ts";
import { adviceFor } from "../../room/lines.ts";
import { Icon } from "../icon.tsx";
import { stayOpenInside } from "../popover.ts";
import type { RoomView } from "../view.ts";
import { Bars, GradeShape } from "./grade.tsx";
import { ownLine, troubles } from "./own.ts";
import type { OwnLineState } from "./own.ts";

/** Lines of the renditions of a camera (docs/protocol.md). */
const HEIGHTS: Readonly<Record<string, number>> = { low: 180, mid: 360, upper: 540, high: 720 };

export function OwnLine({ view }: { readonly view: RoomView }) {
  const { grade } = ownLine(view);
  const words = text.value.line.open(grade);
  const isOpen = view.isLineOpen.value;
  return (
    <>
      <button
        type="button"
        class="icon-button head-button head-button-kept line-toggle"
        aria-label={words}
        title={words}
        aria-expanded={isOpen}
        aria-controls="own-line"
        onClick={() => (view.isLineOpen.value = !isOpen)}
        data-grade={grade}
        data-testid="line-toggle"
      >
        <Bars grade={grade} />
      </button>
      {isOpen ? <OpenLine view={view} /> : null}
    </>
  );
}

function OpenLine({ view }: { readonly view: RoomView }) {
  const words = text.value.line;
  const panel = useRef<HTMLElement>(null);
  const close = () => (view.isLineOpen.value = false);
  useEffect(() => stayOpenInside(panel.current, close), []);
  const state = ownLine(view);
  const wrong = troubles(state);
  return (
    <section ref={panel} id="own-line" class="own-line" aria-label={words.title} data-testid="own-line">
      <header class="own-line-head">
        <h2>{words.title}</h2>
        <button type="button" class="icon-button" aria-label={text.value.close} onClick={close} data-testid="line-close">
          <Icon name="close" />
        </button>
      </header>
      <p class="own-line-sum">
        <GradeShape grade={state.grade} />
        {words.sentences[state.grade]}
      </p>
      {wrong.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <Facts view={view} state={state} />
      {wrong.length > 0 ? <WhatHelps state={state} /> : null}
      {view.isModerator.value ? (
        <button
          type="button"
          class="button button-small"
          aria-haspopup="dialog"
          onClick={() => {
            close();
            view.dialog.value = "lines";
          }}
          data-testid="line-all"
        >
          {words.all}
        </button>
      ) : null}
    </section>
  );
}

function Facts({ view, state }: { readonly view: RoomView; readonly state: OwnLineState }) {
  const words = text.value.line;
  const { line } = state;
  const facts: readonly (readonly [string, string])[] = [
    ...(line === null
      ? []
      : ([
          [words.delay, words.ms(line.delayMs)],
          [words.loss, words.losses[line.loss]],
          [words.path, words.paths[line.path]],
        ] as const)),
    [words.received, received(view)],
    [words.sending, sending(state)],
  ];
  return (
    <dl class="own-line-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function received(view: RoomView): string {
  const words = text.value.line;
  const { arrived, received: pictures } = view.pictures;
  const here = [...pictures.value].filter(([id, { framesPerSecond }]) => arrived.value.has(id) && framesPerSecond > 0);
  const lines = Math.max(0, ...here.map(([, { rendition }]) => HEIGHTS[rendition] ?? 0));
  return here.length === 0 ? words.noPictures : words.pictures(here.length, lines);
}

function sending({ isMicOn, uplink }: OwnLineState): string {
  const words = text.value.line;
  const parts = [isMicOn ? words.voice : "", words.camera[uplink]].filter((part) => part !== "");
  return parts.length === 0 ? words.nothing : parts.join(", ");
}

function WhatHelps({ state }: { readonly state: OwnLineState }) {
  const words = text.value.line;
  return (
    <>
      <h3>{words.helps}</h3>
      <ul class="own-line-advice">
        {adviceFor(state.line, state.uplink, state.isCamOn).map((advice) => (
          <li key={advice}>{words.advice[advice]}</li>
        ))}
      </ul>
    </>
  );
}
