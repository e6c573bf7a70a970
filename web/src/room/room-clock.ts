/**
 * The room's time on this page, whose own clock may be wrong: what the room's Unix milliseconds are ahead
 * of `performance.now()`.
 *
 * What the room tells is as old as its way here took, so the largest difference is the nearest one. After
 * a computer slept, the page's clock is behind, and the difference that the reconnect brings is larger.
 */

/** Null before the room told its time. */
export type RoomClock = number | null;

/** The clock after our inbox, which begins when we come, said at `now` that it was `at`. */
export function setClock(clock: RoomClock, at: number, now: number): RoomClock {
  return clock === null ? at - now : Math.max(clock, at - now);
}

/** The clock after an event: whoever comes late reads events that are long past, and sets no clock by them. */
export function refineClock(clock: RoomClock, at: number, now: number): RoomClock {
  return clock === null ? null : setClock(clock, at, now);
}
