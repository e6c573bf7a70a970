/**
 * The seat this tab holds, kept in `sessionStorage`: after a reload the same participant comes back
 * and its command numbers keep rising. It ends with the tab; other tabs never see it.
 */

import { parseFields } from "./fields.ts";

const KEY = "mosaik.seat";

export interface Seat {
  readonly room: string;
  readonly participant: string;
  readonly name: string;
  readonly resume: string;
  /** Number of the next command. */
  readonly next: number;
}

export type SeatStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export function readSeat(storage: SeatStorage, room: string): Seat | null {
  const text = storage.getItem(KEY);
  const fields = text === null ? null : parseFields(text);
  if (fields === null || fields["room"] !== room) {
    return null;
  }
  const { participant, name, resume, next } = fields;
  if (typeof participant !== "string" || typeof name !== "string" || typeof resume !== "string") {
    return null;
  }
  return { room, participant, name, resume, next: typeof next === "number" && Number.isSafeInteger(next) && next > 0 ? next : 1 };
}

/** Keeps the seat; a full or forbidden storage costs only the way back after a reload. */
export function keepSeat(storage: SeatStorage, seat: Seat): void {
  try {
    storage.setItem(KEY, JSON.stringify(seat));
  } catch {
    // Nothing to tell: the lesson goes on without it.
  }
}

export function dropSeat(storage: SeatStorage): void {
  storage.removeItem(KEY);
}
