/** Which way a session goes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { latch, type Latch } from "./deadline.ts";
import { race, starves, type RaceParts, type Wishes } from "./race.ts";
import type { Address, Carrier, Dial, Transport } from "./transport.ts";

const ADDRESS: Address = {
  url: "https://relay.test/moqt",
  socketUrl: "wss://relay.test/moqt",
  certificateHashes: [],
  protocols: ["moqt-18"],
};
const NOTHING_KNOWN: Wishes = { likely: undefined, avoided: undefined };
const CHROMIUM =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
const WITHOUT_WINDOW = CHROMIUM.replace("Chrome", "HeadlessChrome");
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
const FORMER_FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SAFARI =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.4 Safari/605.1.15";
const CHROME_ON_IPAD =
  "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1";

interface Course extends RaceParts {
  /** The ways dialled so far, in order. */
  readonly dialled: Carrier[];
  readonly answers: Readonly<Record<Carrier, Latch<Dial>>>;
  readonly waited: Latch<void>;
}

function course(userAgent: string): Course {
  const dialled: Carrier[] = [];
  const answers = { webTransport: latch<Dial>(), webSocket: latch<Dial>() };
  const waited = latch<void>();
  const way = (carrier: Carrier) => () => {
    dialled.push(carrier);
    return answers[carrier].promise;
  };
  return {
    dialled,
    answers,
    waited,
    userAgent,
    webTransport: way("webTransport"),
    webSocket: way("webSocket"),
    pause: () => waited.promise,
    now: () => 0,
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const failed: Dial = { kind: "error", error: { kind: "failed", reason: "no way" } };

/** A transport that counts how often it was closed. */
function connected(): { readonly dial: Dial; readonly closes: () => number } {
  let count = 0;
  const transport: Transport = {
    closed: new Promise(() => undefined),
    incomingUnidirectionalStreams: new ReadableStream(),
    incomingBidirectionalStreams: new ReadableStream(),
    datagrams: { maxBytes: 0, readable: new ReadableStream(), send: () => false },
    isLossy: false,
    createUnidirectionalStream: () => Promise.resolve(new WritableStream()),
    createBidirectionalStream: () => Promise.reject(new Error("unused")),
    close: () => void (count += 1),
  };
  return { dial: { kind: "connected", transport }, closes: () => count };
}

test("WebKit and former Firefox starve on WebTransport, others do not", () => {
  assert.deepEqual([CHROMIUM, WITHOUT_WINDOW, FIREFOX].map(starves), [false, false, false]);
  assert.deepEqual([SAFARI, CHROME_ON_IPAD, FORMER_FIREFOX].map(starves), [true, true, true]);
});

test("where WebTransport is ready in time nothing else is dialled", async () => {
  const set = course(CHROMIUM);
  const racing = race(ADDRESS, NOTHING_KNOWN, set);
  set.answers.webTransport.resolve(connected().dial);
  const result = await racing;
  set.waited.resolve();
  await settled();
  assert.equal(result.kind === "connected" && result.carrier, "webTransport");
  assert.deepEqual(set.dialled, ["webTransport"]);
});

test("where WebTransport says nothing the WebSocket is taken, and the dial goes on for later", async () => {
  const set = course(CHROMIUM);
  const racing = race(ADDRESS, NOTHING_KNOWN, set);
  await settled();
  assert.deepEqual(set.dialled, ["webTransport"]);
  set.waited.resolve();
  set.answers.webSocket.resolve(connected().dial);
  const result = await racing;
  assert.ok(result.kind === "connected");
  assert.equal(result.carrier, "webSocket");
  const late = connected();
  set.answers.webTransport.resolve(late.dial);
  assert.equal(await result.better, late.dial);
  assert.equal(late.closes(), 0);
});

test("WebTransport has the time again that the WebSocket took, if that is little", async () => {
  for (const [took, grace] of [[120, 120], [4_000, 500]] as const) {
    let now = 0;
    const pauses: number[] = [];
    const set = course(CHROMIUM);
    const pause = (ms: number): Promise<void> => {
      pauses.push(ms);
      return pauses.length === 1 ? Promise.resolve() : new Promise(() => undefined);
    };
    const racing = race(ADDRESS, NOTHING_KNOWN, { ...set, pause, now: () => now });
    await settled();
    now += took;
    const socket = connected();
    set.answers.webSocket.resolve(socket.dial);
    await settled();
    assert.deepEqual(pauses, [500, grace]);
    set.answers.webTransport.resolve(connected().dial);
    const result = await racing;
    assert.equal(result.kind === "connected" && result.carrier, "webTransport");
    assert.equal(socket.closes(), 1);
  }
});

test("a WebTransport that fails is not waited for, and a WebSocket that is too late is closed", async () => {
  const [lost, late] = [course(CHROMIUM), course(CHROMIUM)];
  const first = race(ADDRESS, NOTHING_KNOWN, lost);
  lost.answers.webTransport.resolve(failed);
  lost.answers.webSocket.resolve(connected().dial);
  const taken = await first;
  assert.ok(taken.kind === "connected" && taken.better === undefined);
  const second = race(ADDRESS, NOTHING_KNOWN, late);
  late.waited.resolve();
  await settled();
  late.answers.webTransport.resolve(connected().dial);
  await second;
  const socket = connected();
  late.answers.webSocket.resolve(socket.dial);
  await settled();
  assert.equal(socket.closes(), 1);
});

test("a way that fails does not wait for the head start of the other", async () => {
  const set = course(FIREFOX);
  const racing = race(ADDRESS, NOTHING_KNOWN, set);
  set.answers.webTransport.resolve(failed);
  set.answers.webSocket.resolve(connected().dial);
  const result = await racing;
  assert.equal(result.kind === "connected" && result.carrier, "webSocket");
});

test("the way that was good last time goes first, the other one after its head start", async () => {
  const set = course(CHROMIUM);
  const racing = race(ADDRESS, { likely: "webSocket", avoided: undefined }, set);
  await settled();
  assert.deepEqual(set.dialled, ["webSocket"]);
  set.waited.resolve();
  set.answers.webTransport.resolve(connected().dial);
  const result = await racing;
  assert.equal(result.kind === "connected" && result.carrier, "webTransport");
});

test("a browser that starves is on the WebSocket however long it takes", async () => {
  const set = course(SAFARI);
  const racing = race(ADDRESS, { likely: "webTransport", avoided: undefined }, set);
  set.waited.resolve();
  await settled();
  assert.deepEqual(set.dialled, ["webSocket"]);
  set.answers.webSocket.resolve(connected().dial);
  const result = await racing;
  assert.equal(result.kind === "connected" && result.carrier, "webSocket");
});

test("a browser that starves takes WebTransport rather than nothing", async () => {
  const set = course(CHROME_ON_IPAD);
  const racing = race(ADDRESS, NOTHING_KNOWN, set);
  set.answers.webSocket.resolve(failed);
  set.answers.webTransport.resolve(connected().dial);
  const result = await racing;
  assert.equal(result.kind === "connected" && result.carrier, "webTransport");
});

test("a way that brought nothing is taken only when the other one fails", async () => {
  const set = course(CHROMIUM);
  const racing = race(ADDRESS, { likely: "webTransport", avoided: "webTransport" }, set);
  set.waited.resolve();
  await settled();
  assert.deepEqual(set.dialled, ["webSocket"]);
  set.answers.webSocket.resolve(failed);
  set.answers.webTransport.resolve(connected().dial);
  const result = await racing;
  assert.equal(result.kind === "connected" && result.carrier, "webTransport");
});

test("when both fail, the likely way tells why", async () => {
  const set = course(CHROMIUM);
  const racing = race(ADDRESS, NOTHING_KNOWN, set);
  set.answers.webTransport.resolve({ kind: "error", error: { kind: "timedOut", afterMs: 10_000 } });
  set.answers.webSocket.resolve(failed);
  assert.deepEqual(await racing, { kind: "error", error: { kind: "timedOut", afterMs: 10_000 } });
});
