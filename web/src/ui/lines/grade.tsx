/**
 * How good a line is, at a glance: by colour and by shape.
 *
 * For browser tests: `line-dot` with `data-grade`.
 */

import { useComputed } from "@preact/signals";
import { text } from "../../i18n/language.ts";
import { personLine } from "../../room/lines.ts";
import type { Grade } from "../../room/lines.ts";
import type { Participant } from "../../room/messages.ts";
import type { RoomView } from "../view.ts";

/** A disc, a triangle, a square, a ring: they are told apart without colours too. */
const SHAPES = {
  good: "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1Z",
  fair: "M6 1 11.5 11H.5Z",
  poor: "M1 1h10v10H1Z",
  away: "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1ZM6 3a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z",
  unknown: "M6 4a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z",
} as const satisfies Record<Grade, string>;

export function GradeShape({ grade }: { readonly grade: Grade }) {
  return (
    <svg class="grade" data-grade={grade} viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      <path fill-rule="evenodd" d={SHAPES[grade]} />
    </svg>
  );
}

/** Of each grade so many bars of three are full. */
const BARS = { good: 3, fair: 2, poor: 1, away: 0, unknown: 0 } as const satisfies Record<Grade, number>;

export function Bars({ grade }: { readonly grade: Grade }) {
  return (
    <svg class="bars" data-grade={grade} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {[0, 1, 2].map((bar) => (
        <rect key={bar} data-full={bar < BARS[grade]} x={3 + bar * 6.75} y={15 - bar * 5.5} width="4.5" height={6 + bar * 5.5} rx="1.5" />
      ))}
      {grade === "away" ? <path d="m14 3 7 7m0-7-7 7" /> : null}
    </svg>
  );
}

/** One person's line in the list of people, for whoever leads. */
export function LineDot({ view, participant }: { readonly view: RoomView; readonly participant: Participant }) {
  const line = useComputed(() => view.store.inbox.value.lines.get(participant.id)).value;
  if (!view.isModerator.value) {
    return null;
  }
  const { grade } = personLine(participant, line);
  const words = text.value.line.grade(grade);
  return (
    <span class="line-dot" data-testid="line-dot" data-grade={grade} title={words}>
      <GradeShape grade={grade} />
      <span class="hidden">{words}</span>
    </span>
  );
}
