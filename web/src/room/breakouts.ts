/** Breakouts as everyone sees them, and what follows from them for one person; pure. */

import type { Breakout, BreakoutChange, Breakouts, HelpCall, Participant } from "./messages.ts";
import { NO_BREAKOUTS } from "./parse-breakouts.ts";
import type { People } from "./reduce-people.ts";

export interface BreakoutsState extends Omit<Breakouts, "places"> {
  /** Where everyone is who is not in the main room. */
  readonly places: ReadonlyMap<string, number>;
}

export function readBreakouts(told: Breakouts): BreakoutsState {
  return { ...told, places: new Map(told.places.map(({ id, breakout }) => [id, breakout])) };
}

export const EVERYONE_TOGETHER: BreakoutsState = readBreakouts(NO_BREAKOUTS);

export function changeBreakouts(state: BreakoutsState, change: BreakoutChange): BreakoutsState {
  switch (change.kind) {
    case "set":
      return readBreakouts(change.breakouts);
    case "moved":
      return { ...leaveBreakouts(state, change.id), places: moved(state.places, change.id, change.breakout) };
    case "begun":
      return { ...state, list: [...state.list, change.breakout] };
    case "gone":
      return { ...state, list: state.list.filter(({ id }) => id !== change.id) };
    case "named":
      return { ...state, list: state.list.map((group) => (group.id === change.id ? { ...group, name: change.name } : group)) };
    case "ends":
      return { ...state, endsAt: change.endsAt };
    case "called":
      return { ...state, calls: [...state.calls, change.call] };
    case "answered":
      return { ...state, calls: state.calls.filter(({ breakout }) => breakout !== change.breakout) };
    case "told":
      return { ...state, notice: change.notice };
    case "voice":
      return { ...state, voice: change.by };
  }
}

/** Someone is nowhere any more, and does not call. */
export function leaveBreakouts(state: BreakoutsState, id: string): BreakoutsState {
  const calls = state.calls.some(({ by }) => by === id) ? state.calls.filter(({ by }) => by !== id) : state.calls;
  return { ...state, places: moved(state.places, id, null), calls };
}

function moved(places: BreakoutsState["places"], id: string, breakout: number | null): BreakoutsState["places"] {
  if ((places.get(id) ?? null) === breakout) {
    return places;
  }
  const others = new Map(places);
  if (breakout === null) {
    others.delete(id);
  } else {
    others.set(id, breakout);
  }
  return others;
}

/** Where someone is; undefined in the main room. */
export function breakoutOf({ list, places }: BreakoutsState, id: string): Breakout | undefined {
  const place = places.get(id);
  return list.find((breakout) => breakout.id === place);
}

/** The group that someone is in; undefined in the main room and while they talk aside. */
export function groupOf(state: BreakoutsState, id: string): Breakout | undefined {
  const breakout = breakoutOf(state, id);
  return breakout?.number === 0 ? undefined : breakout;
}

export function groupsOf({ list }: BreakoutsState): readonly Breakout[] {
  return list.filter(({ number }) => number > 0);
}

/** Those who are where `me` is, as the relay lets nobody else be seen and heard. */
export function companyOf(people: People, { places }: BreakoutsState, me: string): People {
  if (places.size === 0) {
    return people;
  }
  const here = places.get(me);
  return new Map([...people].filter(([id]) => places.get(id) === here));
}

/** Everyone in one place; undefined is the main room. */
export function peopleIn(people: readonly Participant[], { places }: BreakoutsState, breakout: number | undefined): readonly Participant[] {
  return people.filter(({ id }) => places.get(id) === breakout);
}

export function callOf({ calls }: BreakoutsState, breakout: number): HelpCall | undefined {
  return calls.find((call) => call.breakout === breakout);
}

/** A group of three or four is the one that works; never more groups than there may be. */
export function usualCount(people: number): number {
  return Math.min(Math.max(Math.round(people / 4), 2), GROUPS_MAX);
}

export const GROUPS_MAX = 16;
