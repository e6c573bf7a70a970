/** Reads breakouts out of objects of the control tracks. */

import { asFields, isCount, list } from "./fields.ts";
import type { AsideChange, AsideWish, Breakout, BreakoutChange, BreakoutNotice, BreakoutPlace, Breakouts, Distribution, HelpCall } from "./messages.ts";

export const DISTRIBUTIONS: readonly Distribution[] = ["random", "manual", "choice"];

/** While none can be read, everyone is in the main room. */
export const NO_BREAKOUTS: Breakouts = { how: null, endsAt: null, list: [], places: [], calls: [], notice: null, voice: null };

export function breakouts(value: unknown): Breakouts | null {
  const fields = asFields(value);
  const all = list(fields?.["list"], breakout);
  const places = list(fields?.["places"], place);
  const calls = list(fields?.["calls"], helpCall);
  if (fields === null || all === null || places === null || calls === null) {
    return null;
  }
  const how = DISTRIBUTIONS.find((known) => known === fields["how"]) ?? null;
  return { how, endsAt: count(fields["endsAt"]), list: all, places, calls, notice: notice(fields["notice"]), voice: text(fields["voice"]) };
}

export function breakoutChange(value: unknown): BreakoutChange | null {
  const fields = asFields(value);
  if (fields === null) {
    return null;
  }
  const { kind, id } = fields;
  switch (kind) {
    case "set": {
      const all = breakouts(fields["breakouts"]);
      return all === null ? null : { kind, breakouts: all };
    }
    case "moved":
      return typeof id === "string" ? { kind, id, breakout: count(fields["breakout"]) } : null;
    case "begun": {
      const begun = breakout(fields["breakout"]);
      return begun === null ? null : { kind, breakout: begun };
    }
    case "gone":
      return isCount(id) ? { kind, id } : null;
    case "named":
      return isCount(id) ? { kind, id, name: text(fields["name"]) } : null;
    case "ends":
      return { kind, endsAt: count(fields["endsAt"]) };
    default:
      return told(fields);
  }
}

/** What passes between groups and those who lead. */
function told(fields: Readonly<Record<string, unknown>>): BreakoutChange | null {
  const { kind } = fields;
  switch (kind) {
    case "called": {
      const call = helpCall(fields["call"]);
      return call === null ? null : { kind, call };
    }
    case "answered":
      return isCount(fields["breakout"]) ? { kind, breakout: fields["breakout"] } : null;
    case "told": {
      const said = notice(fields["notice"]);
      return said === null ? null : { kind, notice: said };
    }
    case "voice":
      return { kind, by: text(fields["by"]) };
    default:
      return null;
  }
}

export function asideWish(value: unknown): AsideWish | null {
  const { id, since } = asFields(value) ?? {};
  return typeof id === "string" && isCount(since) ? { id, since } : null;
}

export function asideChange(value: unknown): AsideChange | null {
  const { kind, wish, id } = asFields(value) ?? {};
  const wished = asideWish(wish);
  if (kind === "wished" && wished !== null) {
    return { kind, wish: wished };
  }
  return kind === "gone" && typeof id === "string" ? { kind, id } : null;
}

function breakout(value: unknown): Breakout | null {
  const { id, number, name } = asFields(value) ?? {};
  return isCount(id) && isCount(number) ? { id, number, name: text(name) } : null;
}

function place(value: unknown): BreakoutPlace | null {
  const { id, breakout: where } = asFields(value) ?? {};
  return typeof id === "string" && isCount(where) ? { id, breakout: where } : null;
}

function helpCall(value: unknown): HelpCall | null {
  const { breakout: where, by, since } = asFields(value) ?? {};
  return isCount(where) && typeof by === "string" && isCount(since) ? { breakout: where, by, since } : null;
}

function notice(value: unknown): BreakoutNotice | null {
  const { by, text: words, at } = asFields(value) ?? {};
  return typeof by === "string" && typeof words === "string" && isCount(at) ? { by, text: words, at } : null;
}

function count(value: unknown): number | null {
  return isCount(value) ? value : null;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
