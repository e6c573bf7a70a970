/**
 * The way by which the relay was reached last, kept in `localStorage` for this origin: behind a
 * firewall without UDP the next lesson begins on the WebSocket at once. What blocks UDP today may
 * not tomorrow, so it is forgotten again.
 */

import type { Carrier } from "../engine/messages.ts";
import { recall, remember } from "../remember.ts";
import type { OpenStorage } from "../remember.ts";
import { parseFields } from "./fields.ts";

const KEY = "mosaik.carrier";
/** A school day and the next morning. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

/** `now` is Unix time in ms. */
export function keepCarrier(open: OpenStorage, carrier: Carrier, now: number): void {
  remember(open, KEY, JSON.stringify({ carrier, until: now + KEPT_MS }));
}

/** Undefined when nothing is known any more. */
export function recallCarrier(open: OpenStorage, now: number): Carrier | undefined {
  const text = recall(open, KEY);
  const { carrier, until } = (text === null ? null : parseFields(text)) ?? {};
  const isKept = typeof until === "number" && now < until && until <= now + KEPT_MS;
  return isKept && (carrier === "webTransport" || carrier === "webSocket") ? carrier : undefined;
}
