/**
 * The way by which the relay was reached last, kept in `localStorage` for this origin: behind a
 * firewall without UDP the next lesson begins on the WebSocket at once. What blocks UDP today may
 * not tomorrow, so it is forgotten again.
 */

import type { Carrier } from "../engine/messages.ts";
import { parseFields } from "./fields.ts";

const KEY = "mosaik.carrier";
/** A school day and the next morning. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

/** Asking for it may throw: some private windows forbid it. */
export type OpenStorage = () => Pick<Storage, "getItem" | "setItem">;

/** `now` is Unix time in ms. */
export function keepCarrier(open: OpenStorage, carrier: Carrier, now: number): void {
  try {
    open().setItem(KEY, JSON.stringify({ carrier, until: now + KEPT_MS }));
  } catch {
    // A browser that keeps nothing tries both ways each time.
  }
}

/** Undefined when nothing is known any more. */
export function recallCarrier(open: OpenStorage, now: number): Carrier | undefined {
  try {
    const text = open().getItem(KEY);
    const fields = text === null ? null : parseFields(text);
    const { carrier, until } = fields ?? {};
    const isKept = typeof until === "number" && now < until && until <= now + KEPT_MS;
    return isKept && (carrier === "webTransport" || carrier === "webSocket") ? carrier : undefined;
  } catch {
    return undefined;
  }
}
