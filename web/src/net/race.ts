/**
 * Which way a session goes: over WebTransport where it gets through, else over a WebSocket. Both are
 * tried, the likely one first, and the first that is ready is taken.
 */

import type { Address, Carrier, Dial, DialError, Transport } from "./transport.ts";

/** A head start of the likely one: QUIC's handshake and one loss on a line of 150 ms. */
const HEAD_START_MS = 500;

export type Dialler = (address: Address) => Promise<Dial>;

export interface RaceParts {
  readonly webTransport: Dialler;
  readonly webSocket: Dialler;
  /** What the browser calls itself. */
  readonly userAgent: string;
  /** Settles after `ms`. */
  pause(ms: number): Promise<void>;
}

/** A transport that was reached, and by which way. */
export type Race =
  | { readonly kind: "connected"; readonly transport: Transport; readonly carrier: Carrier }
  | { readonly kind: "error"; readonly error: DialError };

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

  const early = dialled(parts[first](address), first);
  const isLost = early.then(({ kind }) => kind === "error");
  const goesOn = avoided !== undefined ? isLost : Promise.race([isLost, parts.pause(HEAD_START_MS).then(() => true)]);
  if (!(await goesOn)) return early;
  return firstConnected(early, dialled(parts[second](address), second));
}

const otherThan = (carrier: Carrier): Carrier => (carrier === "webSocket" ? "webTransport" : "webSocket");

async function dialled(dial: Promise<Dial>, carrier: Carrier): Promise<Race> {
  const result = await dial;
  return result.kind === "connected" ? { ...result, carrier } : result;
}

/** The other one, should it be ready later, is closed again. Of two failures the first one tells. */
async function firstConnected(early: Promise<Race>, late: Promise<Race>): Promise<Race> {
  const runners = [early, late];
  const connected = runners.map(async (runner) => {
    const end = await runner;
    return end.kind === "connected" ? end : Promise.reject(end.error);
  });
  const winner = await Promise.any(connected).catch(() => undefined);
  if (winner === undefined) return early;
  for (const runner of runners) {
    runner.then((end) => {
      if (end.kind === "connected" && end !== winner) end.transport.close();
    });
  }
  return winner;
}
