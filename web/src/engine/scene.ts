/** An engine with nothing on, for tests: transports and time are handed to it, what it posts is kept. */

import { latch } from "../net/deadline.ts";
import type { Publisher } from "../media/types.ts";
import { deafReceiver } from "./deaf.ts";
import type { Carrier, Dial, Transport } from "../net/transport.ts";
import type { ControlMessage } from "../moqt/control.ts";
import { loopback } from "../moqt/loopback.ts";
import { relayEnd, type Relay, type Talk } from "../moqt/relay-end.ts";
import { encodeObject, encodeSubgroupHeader } from "../moqt/subgroup.ts";
import type { CatalogTrack } from "./catalog.ts";
import { createEngine, type Engine } from "./engine.ts";
import type { FromEngine, Line, Ticket } from "./messages.ts";

export const ME = "00000000000000aa";
export const OTHER = "00000000000000bb";
export const ticket: Ticket = {
  url: "https://relay.test/moqt",
  socketUrl: "wss://relay.test/moqt",
  likely: undefined,
  certificateHashes: [],
  token: "token",
  room: "demo",
  participant: ME,
};
export const none = new Map<number, never>();
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export interface Scene {
  readonly engine: Engine;
  readonly posted: FromEngine[];
  readonly catalogs: [string, readonly CatalogTrack[]][];
  /** Lets `ms` pass, at the end of which everything that is done now and then is done. */
  pass(ms: number): void;
  /** Waits until the engine posted what `is` looks for. */
  waitFor(is: (message: FromEngine) => boolean): Promise<void>;
}

/** Media with nothing on, which notes who publishes what. */
function silentPublisher(): Publisher {
  return {
    offer: () => undefined,
    setCamera: () => undefined,
    setScreen: () => undefined,
    setMicrophone: () => undefined,
    level: () => undefined,
    sent: () => ({ framesEncoded: 0, framesSkipped: 0, layers: {} }),
    close: () => undefined,
  };
}

/**
 * `better` are the transports of the way that is better than `carrier`; `late` is a dial of it that is under
 * way when the first session opens.
 */
export function scene(
  transports: Transport[],
  carrier: Carrier = "webTransport",
  better: Transport[] = [],
  late?: Promise<Dial>,
): Scene {
  const posted: FromEngine[] = [];
  const waiting: { is: (message: FromEngine) => boolean; done: () => void }[] = [];
  const catalogs: Scene["catalogs"] = [];
  const ticks: (() => void)[] = [];
  let elapsed = 0;
  const engine = createEngine({
    post(message) {
      posted.push(message);
      for (const { is, done } of waiting) if (is(message)) done();
    },
    async dial() {
      const transport = transports.shift();
      return transport === undefined
        ? { kind: "error", error: { kind: "unsupported" } }
        : { kind: "connected", transport, carrier, ...(late === undefined ? {} : { better: late }) };
    },
    async dialBetter() {
      const transport = better.shift();
      return transport === undefined
        ? { kind: "error", error: { kind: "timedOut", afterMs: 10_000 } }
        : { kind: "connected", transport };
    },
    createPublisher: silentPublisher,
    createReceiver: () => deafReceiver((participant, tracks) => void catalogs.push([participant, tracks])),
    every: (_ms, tick) => void ticks.push(tick),
    now: () => 1_795_000_000_000,
    elapsed: () => elapsed,
  });
  const waitFor = (is: (message: FromEngine) => boolean): Promise<void> => {
    const { promise, resolve } = latch<void>();
    waiting.push({ is, done: () => resolve() });
    if (posted.some(is)) resolve();
    return promise;
  };
  const pass = (ms: number): void => {
    elapsed += ms;
    for (const tick of ticks) tick();
  };
  return { engine, posted, catalogs, waitFor, pass };
}

export interface Room extends Scene {
  readonly relay: Relay;
  /** The engine's requests by what they ask for. */
  readonly requests: ReadonlyMap<string, Talk>;
}

export function nameOf(message: ControlMessage | string): string {
  if (typeof message !== "object" || !("namespace" in message)) throw new Error("a request with a namespace");
  const track = "track" in message ? `/${message.track}` : "";
  return `${message.kind} ${message.namespace.join(",")}${track}`;
}

export async function room(carrier: Carrier = "webTransport", better: Transport[] = [], late?: Promise<Dial>): Promise<Room> {
  const [client, transport] = loopback();
  const set = scene([client], carrier, better, late);
  set.engine.take({ kind: "open", ticket });
  return { ...set, ...(await joined(transport)) };
}

/** The relay's end of a session that has made its first requests. */
export async function joined(transport: Transport): Promise<Pick<Room, "relay" | "requests">> {
  const relay = await relayEnd(transport);
  const requests = new Map<string, Talk>();
  for (let i = 0; i < 4; i += 1) {
    const request = await relay.nextRequest();
    requests.set(nameOf(await request.next()), request);
  }
  return { relay, requests };
}

export const isLine = (state: Line["state"]) => (message: FromEngine) =>
  message.kind === "line" && message.line.state === state;

export async function answer(
  { relay, requests }: Pick<Room, "relay" | "requests">,
  name: string,
  alias: number,
): Promise<(group: number, ...texts: string[]) => Promise<unknown>> {
  await requests.get(name)?.send({ kind: "subscribeOk", alias, parameters: none, properties: none });
  return (group, ...texts) => {
    const header = encodeSubgroupHeader({ alias, group, subgroup: 0, priority: undefined });
    return relay.push(header, ...texts.map((text) => encodeObject(utf8(text), none)));
  };
}
