/** What shows for some seconds over the stage: `reaction` with `data-reaction`, `declined`. */

import { useSignalEffect } from "@preact/signals";
import { text } from "../../i18n/language.ts";
import type { Passing } from "../../room/passing.ts";
import { shownName } from "../lead/names.ts";
import { Icon } from "../icon.tsx";
import type { RoomView } from "../view.ts";
import { REACTION_ICONS } from "./sign-icons.ts";

/** Names beside reactions; more reactions of a whole class are shown without. */
const NAMED_MAX = 6;

export function PassingThings({ view }: { readonly view: RoomView }) {
  useSignalEffect(() => forgetInTime(view));
  const list = view.store.passing.value;
  const shown = list.filter(({ what }) => what.kind !== "typing" && what.kind !== "caption");
  return shown.length === 0 ? null : (
    <ul class="passing" aria-hidden="true">
      {shown.map((passing) => (
        <Thing key={passing.key} view={view} passing={passing} isNamed={shown.length <= NAMED_MAX} />
      ))}
    </ul>
  );
}

interface ThingProps {
  readonly view: RoomView;
  readonly passing: Passing;
  readonly isNamed: boolean;
}

function Thing({ view, passing, isNamed }: ThingProps) {
  const { what } = passing;
  if (what.kind === "typing" || what.kind === "caption") {
    return null;
  }
  const name = shownName(view, what.id, view.store.room.value.participants.get(what.id)?.name ?? "");
  if (what.kind === "declined") {
    return view.isModerator.value ? (
      <li class="passing-thing" data-testid="declined">
        <Icon name="hand" />
        {text.value.hand.declined(name)}
      </li>
    ) : null;
  }
  return (
    <li class="passing-thing" data-testid="reaction" data-reaction={what.reaction}>
      <Icon name={REACTION_ICONS[what.reaction]} />
      {isNamed ? name : null}
    </li>
  );
}

/** Wakes up when the next thing has passed. */
function forgetInTime({ store }: RoomView): (() => void) | void {
  const next = store.passing.value[0]?.until;
  if (next !== undefined) {
    const timer = setTimeout(() => store.forgetPassed(performance.now()), Math.max(0, next - performance.now()) + 1);
    return () => clearTimeout(timer);
  }
}
