/** How the line is, while the person types: `line-check` with `data-light` and, once known, `data-carrier`. */

import type { LineCheck } from "../../engine/check.ts";
import { text } from "../../i18n/language.ts";
import { GradeShape } from "../lines/grade.tsx";
import { lightOf } from "./line-light.ts";
import type { Light } from "./line-light.ts";

/** Null: nothing is known, and nobody looks any more. */
export type Checked = LineCheck | "checking" | null;

const GRADES = { good: "good", fair: "fair", poor: "poor", none: "away" } as const satisfies Record<Light, string>;

export function LineLight({ check }: { readonly check: Checked }) {
  const words = text.value.check;
  if (check === null) {
    return null;
  }
  if (check === "checking") {
    return (
      <p class="line-check" data-testid="line-check" data-light="checking">
        <GradeShape grade="unknown" />
        {words.checking}
      </p>
    );
  }
  const light = lightOf(check);
  return (
    <details class="line-check-more" data-testid="line-check" data-light={light} data-carrier={check.carrier}>
      <summary class="line-check">
        <GradeShape grade={GRADES[light]} />
        <span aria-live="polite">{words.lights[light]}</span>
      </summary>
      {check.isBlocked ? <p>{words.blocked}</p> : null}
      <Facts check={check} />
    </details>
  );
}

function Facts({ check: { carrier, roundTripMs, rates } }: { readonly check: LineCheck }) {
  const { line, check: words } = text.value;
  const facts: readonly (readonly [string, string])[] = [
    ...(carrier === null ? [] : [[line.path, line.paths[carrier]] as const]),
    [line.delay, line.ms(Math.round(roundTripMs))],
    ...(rates === null ? [] : ([[words.down, words.rate(rates.down)], [words.up, words.rate(rates.up)]] as const)),
  ];
  return (
    <dl class="line-check-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
