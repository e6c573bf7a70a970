/** Tracks whose objects travel in datagrams: subscribed to, published, and where a session carries none. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeDatagram, encodeDatagram } from "./datagram.ts";
import { opened, subscribeTo, type Relay } from "./relay-end.ts";
import type { Publication, ReceivedObject, Session, TrackOffer } from "./types.ts";

const none = new Map<number, never>();
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const speech = (alias: number, object: number, status = 0): Uint8Array =>
  encodeDatagram({
    alias,
    group: 5,
    object,
    priority: undefined,
    isEndOfGroup: false,
    status,
    properties: none,
    payload: status === 0 ? Uint8Array.of(object) : new Uint8Array(0),
  });

/** A subscription that is not answered yet. */
async function subscribed() {
  const { session, relay } = await opened();
  const objects: ReceivedObject[] = [];
  const subscription = session.subscribe(["demo", "a"], "mic", { priority: 32 }, { onObject: (object) => void objects.push(object) });
  const request = await relay.nextRequest();
  await request.next();
  const say = async (...datagrams: Uint8Array[]): Promise<void> => {
    for (const datagram of datagrams) relay.transport.datagrams.send(datagram);
    await settled();
  };
  const answer = async (alias: number): Promise<void> => {
    await request.send({ kind: "subscribeOk", alias, parameters: none, properties: none });
    await settled();
  };
  return { session, subscription, objects, say, answer, numbers: () => objects.map(({ object }) => object) };
}

test("objects in datagrams reach the subscriber of their track, in the order of arrival, repeats too", async () => {
  const { session, objects, say, answer, numbers } = await subscribed();
  await answer(7);
  await say(speech(7, 0), speech(7, 2), speech(7, 1), speech(7, 2));
  assert.deepEqual(numbers(), [0, 2, 1, 2]);
  assert.deepEqual(objects[0], { group: 5, subgroup: undefined, object: 0, properties: none, payload: Uint8Array.of(0) });
  session.close(0, "");
});

test("datagrams that overtake SUBSCRIBE_OK are not lost, but only the last few wait", async () => {
  const { session, say, answer, numbers } = await subscribed();
  await say(...Array.from({ length: 100 }, (_, object) => speech(7, object)), speech(8, 1));
  assert.deepEqual(numbers(), []);
  await answer(7);
  await say(speech(7, 100));
  assert.deepEqual(numbers(), [...Array.from({ length: 31 }, (_, index) => 69 + index), 100]);
  session.close(0, "");
});

test("datagrams of an unknown track, padding and ends are dropped", async () => {
  const { session, say, answer, numbers } = await subscribed();
  await answer(7);
  await say(speech(9, 0), speech(7, 50, 0x3), Uint8Array.of(0xf0, 0x13, 0x2b, 0x3e, 0x29, 0), speech(7, 1));
  assert.deepEqual(numbers(), [1]);
  session.close(0, "");
});

test("a cancelled subscription hears nothing more, nor does another one hear what was meant for it", async () => {
  const { session, subscription, say, answer, numbers } = await subscribed();
  await answer(7);
  subscription.cancel();
  await subscription.ended;
  await say(speech(7, 1));
  assert.deepEqual(numbers(), []);
  session.close(0, "");
});

test("a datagram that breaks the rules ends the session", async () => {
  const { session, say } = await subscribed();
  await say(Uint8Array.of(0x22, 1, 2, 3));
  const end = await session.closed;
  assert.deepEqual([end.code, end.byUs], [0x3, true]);
});

interface Published {
  readonly session: Session;
  readonly relay: Relay;
  readonly publications: Publication[];
}

async function published(maxDatagramBytes?: number): Promise<Published> {
  const { session, relay } = await opened([], maxDatagramBytes);
  const publications: Publication[] = [];
  const offer: TrackOffer = { priority: 32, inDatagrams: true, start: (publication) => void publications.push(publication) };
  session.announce(["demo", "me"], (track) => (track === "mic" ? offer : undefined));
  const announced = await relay.nextRequest();
  await announced.next();
  await announced.send({ kind: "requestOk", parameters: none });
  return { session, relay, publications };
}

test("a track in datagrams is sent in datagrams, again when it is given again, and to nobody after the end", async () => {
  const { session, relay, publications } = await published();
  const request = await relay.ask(subscribeTo("mic", 1));
  const ok = await request.next();
  assert.ok(typeof ok === "object" && ok.kind === "subscribeOk");
  const [publication] = publications;
  const object = { group: 9, object: 0, properties: new Map([[0x10, 4]]), payload: Uint8Array.of(1) };
  publication?.sendDatagram(object);
  publication?.sendDatagram(object);
  const reader = relay.transport.datagrams.readable.getReader();
  for (let count = 0; count < 2; count += 1) {
    const datagram = decodeDatagram((await reader.read()).value ?? new Uint8Array(0));
    assert.deepEqual(datagram, { ...object, alias: ok.alias, priority: undefined, isEndOfGroup: false, status: 0 });
  }
  publication?.end();
  assert.deepEqual(await request.next(), { kind: "publishDone", code: 2, streamCount: 0, reason: "" });
  publication?.sendDatagram({ ...object, object: 1 });
  let isHeard = false;
  reader.read().then(() => (isHeard = true), () => undefined);
  await settled();
  assert.equal(isHeard, false);
  session.close(0, "");
});

test("the largest object in datagrams is told to who subscribes later", async () => {
  const { session, relay, publications } = await published();
  const first = await relay.ask(subscribeTo("mic", 1));
  await first.next();
  publications[0]?.sendDatagram({ group: 9, object: 3, properties: none, payload: Uint8Array.of(1) });
  publications[0]?.sendDatagram({ group: 9, object: 2, properties: none, payload: Uint8Array.of(1) });
  publications[0]?.end();
  await first.next();
  await first.next();
  await publications[0]?.ended;
  await settled();
  const ok = await (await relay.ask(subscribeTo("mic", 3))).next();
  assert.ok(typeof ok === "object" && ok.kind === "subscribeOk");
  assert.deepEqual([...ok.parameters.values()], [{ group: 9, object: 3 }]);
  session.close(0, "");
});

test("where a session carries no datagrams their track is refused, with the reason", async () => {
  const { session, relay, publications } = await published(0);
  const answer = await (await relay.ask(subscribeTo("mic", 1))).next();
  assert.ok(typeof answer === "object" && answer.kind === "requestError");
  assert.deepEqual([answer.code, answer.reason], [0x3, "this session carries no datagrams"]);
  assert.equal(publications.length, 0);
  session.close(0, "");
});
