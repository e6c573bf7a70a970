/**
 * Which way a session goes: over WebTransport where it gets through, else over a WebSocket. Both are
 * tried, the likely one first, and the first that is ready is taken.
 */

import type { Address, Carrier, Dial, DialError, Transport } from "./transport.ts";

/** A head start of the likely one: QUIC's handshake and one loss on a line of 150 ms. */
const HEAD_START_MS = 500;
/**
 * A WebSocket that took long to stand tells of a slow line, where one lost packet costs a handshake as
 * much again: so long, and no longer than this, it waits for WebTransport.
 */
const GRACE_MS_MAX = 500;

export type Dialler = (address: Address) => Promise<Dial>;

export interface RaceParts {
  readonly webTransport: Dialler;
  readonly webSocket: Dialler;
  /** What the browser calls itself. */
  readonly userAgent: string;
  /** Settles after `ms`. */
  pause(ms: number): Promise<void>;
  /** ms of a clock that never goes back. */
  now(): number;
}

/** A transport that was reached, and by which way. */
export type Race = Reached | { readonly kind: "error"; readonly error: DialError };

export interface Reached {
  readonly kind: "connected";
  readonly transport: Transport;
  readonly carrier: Carrier;
  /** The dial of WebTransport, which was too late: whoever has it moves up with it, or closes what comes. */
  readonly better?: Promise<Dial>;
}

/**
 * Whether this browser's WebTransport starves: WebKit (all browsers on iPads too) takes no more after
 * about 7,600 streams or 16 MiB of a session (WebKit bug 319818), Firefox before 153 keeps two
 * incoming streams at once (Mozilla bug 2046262).
 */
export function starves(userAgent: string): boolean {
  const firefox = /\bFirefox\/(\d+)/.exec(userAgent)?.[1];
  if (firefox !== undefined) return Number(firefox) < 153;
  return /\bAppleWebKit\//.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent);
}

/** What is known before the dial. */
export interface Wishes {
  /** The way that was good last time. */
  readonly likely: Carrier | undefined;
  /** The way that brought nothing lately: taken only when the other one fails. */
  readonly avoided: Carrier | undefined;
}

/**
 * Dials both ways, WebTransport first if nothing else is known. A browser whose WebTransport starves
 * avoids it always.
 */
export async function race(address: Address, wishes: Wishes, parts: RaceParts): Promise<Race> {
  const avoided = starves(parts.userAgent) ? "webTransport" : wishes.avoided;
  const first = avoided === undefined ? (wishes.likely ?? "webTransport") : otherThan(avoided);
  const second = otherThan(first);

  const early = parts[first](address);
  const isLost = early.then(({ kind }) => kind === "error");
  const goesOn = avoided !== undefined ? isLost : Promise.race([isLost, parts.pause(HEAD_START_MS).then(() => true)]);
  if (!(await goesOn)) return dialled(early, first);
  const began = parts.now();
  const late = parts[second](address);
  const end = await firstConnected(dialled(early, first), dialled(late, second));
  if (end.kind === "error") return end;
  const other = end.carrier === first ? late : early;
  if (end.carrier === "webTransport") {
    closeLater(other);
    return end;
  }
  return orBetter(end, other, parts.pause(Math.min(parts.now() - began, GRACE_MS_MAX)));
}

const otherThan = (carrier: Carrier): Carrier => (carrier === "webSocket" ? "webTransport" : "webSocket");

async function dialled(dial: Promise<Dial>, carrier: Carrier): Promise<Race> {
  const result = await dial;
  return result.kind === "connected" ? { ...result, carrier } : result;
}

/** Of two failures the first one tells. */
async function firstConnected(early: Promise<Race>, late: Promise<Race>): Promise<Race> {
  const connected = [early, late].map(async (runner) => {
    const end = await runner;
    return end.kind === "connected" ? end : Promise.reject(end.error);
  });
  return Promise.any(connected).catch(() => early);
}

/** WebTransport, if it stands before the grace is over; else the WebSocket, and the dial for later. */
async function orBetter(socket: Reached, better: Promise<Dial>, grace: Promise<void>): Promise<Reached> {
  const inTime = await Promise.race([better, grace]);
  if (inTime?.kind !== "connected") return inTime === undefined ? { ...socket, better } : socket;
  socket.transport.close();
  return { ...inTime, carrier: "webTransport" };
}

/** A transport that nobody wants any more is closed as soon as it stands. */
export function closeLater(dial: Promise<Dial>): void {
  void dial.then((end) => {
    if (end.kind === "connected") end.transport.close();
  });
}
