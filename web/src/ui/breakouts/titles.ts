/** What breakouts are called here, and who may see them. */

import { text } from "../../i18n/language.ts";
import { breakoutOf, peopleIn } from "../../room/breakouts.ts";
import type { Breakout } from "../../room/messages.ts";
import { known } from "../lead/names.ts";
import type { RoomView } from "../view.ts";

export function titleOf({ name, number }: Pick<Breakout, "name" | "number">): string {
  const words = text.value.breakout;
  return name ?? (number === 0 ? words.aside : words.group(number));
}

/** Of one that may be gone. */
export function titleById(view: RoomView, id: number): string {
  const breakout = view.store.room.value.breakouts.list.find((other) => other.id === id);
  return breakout === undefined ? text.value.breakout.someGroup : titleOf(breakout);
}

/** Where someone is, in words; undefined in the main room. */
export function placeOf(view: RoomView, id: string): string | undefined {
  const breakout = breakoutOf(view.store.room.value.breakouts, id);
  return breakout === undefined ? undefined : titleOf(breakout);
}

/** The names of those who are where we are. */
export function namesHere(view: RoomView): readonly string[] {
  const { participants, breakouts } = view.store.room.value;
  const { me } = view.store;
  const here = peopleIn([...participants.values()], breakouts, breakouts.places.get(me));
  return known(view, here).filter(({ id }) => id !== me).map(({ name }) => name);
}

/** Moderators lead them; everyone else has to do with them while there are some. */
export function hasBreakouts(view: RoomView): boolean {
  return view.isModerator.value || view.store.room.value.breakouts.how !== null;
}
