/**
 * Looks at the line before somebody joins: which way gets through to the relay, how long it takes there and back,
 * and about how much passes. It costs some 120 KB and ends when its signal says so.
 */

import { closeLater, race, starves, type RaceParts } from "../net/race.ts";
import type { Carrier, Dial } from "../net/transport.ts";
import { WAYS } from "../net/ways.ts";
import { PROTOCOLS } from "./protocols.ts";

/** As much as the server takes, docs/protocol.md. */
const UP_BYTES = 48 * 1024;
/** The shortest of them is the line's; the first opens the connection. */
const ROUND_TRIPS = 3;
/** What takes longer is too slow for pictures. */
const MEASURE_MS_MAX = 6_000;
const PATH = "/api/line";

export interface LineCheck {
  /** The way that a session would go; null: neither gets through. */
  readonly carrier: Carrier | null;
  /** WebTransport would be better for this browser, and does not get through. */
  readonly isBlocked: boolean;
  readonly roundTripMs: number;
  /** Null when the server was too busy to measure. */
  readonly rates: Rates | null;
}

/** What the server says of the relay. */
interface RelayPlace {
  readonly path: string;
  readonly certificateHashes: readonly string[];
}

/** Null for what does not come from a server of ours. */
type ReadRelay = (text: string) => RelayPlace | null;

/** Bits a second, at least. */
export interface Rates {
  readonly down: number;
  readonly up: number;
}

/** ms of one clock. */
export interface Timing {
  readonly requestStart: number;
  readonly responseStart: number;
  readonly responseEnd: number;
}

/** Null when it was ended, or the server does not answer. */
export async function checkLine(readRelay: ReadRelay, end: AbortSignal): Promise<LineCheck | null> {
  const found = await findRelay(readRelay, end);
  if (found === null) return null;
  const way = tryWays(found.relay, end);
  const rates = await measure(found.roundTripMs, end);
  const carrier = await way;
  if (end.aborted) return null;
  const isBlocked = carrier === "webSocket" && !starves(navigator.userAgent);
  return { carrier, isBlocked, roundTripMs: found.roundTripMs, rates };
}

async function findRelay(readRelay: ReadRelay, end: AbortSignal): Promise<{ readonly relay: RelayPlace; readonly roundTripMs: number } | null> {
  let relay: RelayPlace | null = null;
  let roundTripMs = Infinity;
  for (let count = 0; count < ROUND_TRIPS; count += 1) {
    const answer = await timed({ method: "GET" }, end);
    relay = answer?.status === 200 ? readRelay(new TextDecoder().decode(answer.bytes)) : null;
    if (answer === null || relay === null) return null;
    roundTripMs = Math.min(roundTripMs, answer.timing.responseStart - answer.timing.requestStart);
  }
  return relay === null ? null : { relay, roundTripMs };
}

/** The way that is taken first, as a session takes it. */
async function tryWays({ path, certificateHashes }: RelayPlace, end: AbortSignal): Promise<Carrier | null> {
  const url = `https://${location.host}${path}`;
  const socketUrl = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
  const dial = await race({ url, socketUrl, certificateHashes, protocols: PROTOCOLS }, { likely: undefined, avoided: undefined }, partsUntil(end));
  if (dial.kind === "error") return null;
  dial.transport.close();
  if (dial.better !== undefined) closeLater(dial.better);
  return dial.carrier;
}

function partsUntil(end: AbortSignal): RaceParts {
  const unless = (dial: RaceParts["webSocket"]): RaceParts["webSocket"] => (address) => (end.aborted ? Promise.resolve(OVER) : dial(address));
  return { ...WAYS, webTransport: unless(WAYS.webTransport), webSocket: unless(WAYS.webSocket) };
}

const OVER: Dial = { kind: "error", error: { kind: "failed", reason: "nobody wants to know any more" } };

async function measure(roundTripMs: number, end: AbortSignal): Promise<Rates | null> {
  const late = AbortSignal.timeout(MEASURE_MS_MAX);
  // Nothing that a proxy on the way could make smaller.
  const body = crypto.getRandomValues(new Uint8Array(UP_BYTES));
  const answer = await timed({ method: "POST", body }, AbortSignal.any([end, late]));
  if (answer === null) return late.aborted ? { down: 0, up: 0 } : null;
  return answer.status === 200 ? ratesOf(answer.timing, { up: UP_BYTES, down: answer.bytes.byteLength }, roundTripMs) : null;
}

const rate = (bytes: number, ms: number): number => (bytes * 8_000) / Math.max(ms, 1);

/** Pure. What passed within less than a millisecond passed at any speed that a lesson needs. */
export function ratesOf({ requestStart, responseStart, responseEnd }: Timing, { up, down }: Rates, roundTripMs: number): Rates {
  return { up: rate(up, responseStart - requestStart - roundTripMs), down: rate(down, responseEnd - responseStart) };
}

interface Timed {
  readonly status: number;
  readonly bytes: ArrayBuffer;
  readonly timing: Timing;
}

/** Null: no answer before `end`. */
async function timed(request: RequestInit, end: AbortSignal): Promise<Timed | null> {
  const began = performance.now();
  try {
    const response = await fetch(PATH, { ...request, cache: "no-store", credentials: "omit", signal: end });
    const headAt = performance.now();
    const bytes = await response.arrayBuffer();
    const own = { requestStart: began, responseStart: headAt, responseEnd: performance.now() };
    return { status: response.status, bytes, timing: timingSince(began) ?? own };
  } catch {
    return null;
  }
}

/** As the browser saw it: without the time that this page was busy, or that a connection took to open. */
function timingSince(began: number): Timing | undefined {
  const entries = performance.getEntriesByName(new URL(PATH, location.href).href).filter((entry) => entry instanceof PerformanceResourceTiming);
  return entries.findLast(({ startTime, responseStart }) => startTime >= began && responseStart > 0);
}
