/** A client's session against the other end of its transport, driven message by message. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { LATE, within } from "../net/deadline.ts";
import { streamError } from "../net/transport.ts";
import { encodeControl, type SentMessage } from "./control.ts";
import { loopback } from "./loopback.ts";
import { ParameterType } from "./parameters.ts";
import { opened, subscribeTo, type Relay, type Talk } from "./relay-end.ts";
import { openSession } from "./session.ts";
import { encodeObject, encodeSubgroupHeader, subgroupDecoder } from "./subgroup.ts";
import type { Publication, ReceivedObject, Session, SubgroupWriter, TrackOffer } from "./types.ts";

const none = new Map<number, never>();
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (object: ReceivedObject): string => new TextDecoder().decode(object.payload);

interface Heard {
  readonly objects: ReceivedObject[];
  readonly ends: [number, number, boolean][];
  readonly onObject: (object: ReceivedObject) => void;
  readonly onSubgroupEnd: (group: number, subgroup: number, complete: boolean) => void;
}

function hearing(): Heard {
  const objects: ReceivedObject[] = [];
  const ends: [number, number, boolean][] = [];
  return {
    objects,
    ends,
    onObject: (object) => void objects.push(object),
    onSubgroupEnd: (...end) => void ends.push(end),
  };
}

/** Waits until `condition` holds, at most 2 s. */
async function eventually(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 2_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `never: ${condition.toString()}`);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

const header = (alias: number, group: number): Uint8Array =>
  encodeSubgroupHeader({ alias, group, subgroup: 0, priority: undefined });

test("the token travels in SETUP as a value of type 0", async () => {
  const { session, relay } = await opened();
  const { setup } = relay;
  assert.ok(typeof setup === "object" && setup.kind === "setup");
  const options = new Map(setup.options);
  assert.deepEqual(options.get(0x03), Uint8Array.from([3, 0, ...utf8("token")]));
  assert.ok(options.has(0x07));
  session.close(0, "done");
  assert.deepEqual(await session.closed, { code: 0, reason: "done", byUs: true });
});

test("a relay that sends no SETUP is given up after 5 s", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const [client] = loopback();
    const opening = openSession(client, "token");
    mock.timers.tick(5_000);
    const result = await opening;
    assert.ok(result.kind === "failed" && result.end.code === 0x11 && result.end.byUs);
  } finally {
    mock.timers.reset();
  }
});

test("a relay that closes instead of SETUP tells its code", async () => {
  const [client, transport] = loopback();
  const opening = openSession(client, "token");
  transport.close({ closeCode: 0x2, reason: "bad token" });
  const end = { code: 0x2, reason: "bad token", byUs: false };
  assert.deepEqual(await opening, { kind: "failed", end });
});

test("a subscription gets the objects of its track, also those that came before SUBSCRIBE_OK", async () => {
  const { session, relay } = await opened();
  const heard = hearing();
  const subscription = session.subscribe(["demo"], "state", { priority: 16, rendezvousMs: 10_000 }, heard);
  const request = await relay.nextRequest();
  const asked = await request.next();
  assert.ok(typeof asked === "object" && asked.kind === "subscribe");
  assert.deepEqual([asked.requestId, asked.namespace, asked.track], [0, ["demo"], "state"]);
  assert.equal(asked.parameters.get(ParameterType.subscriberPriority), 16);
  assert.equal(asked.parameters.get(ParameterType.rendezvousTimeout), 10_000);

  const stream = await relay.push(header(7, 100), encodeObject(utf8("snapshot"), none));
  await request.send({ kind: "subscribeOk", alias: 7, parameters: none, properties: none });
  await eventually(() => heard.objects.length === 1);
  stream.write(encodeObject(utf8("event"), none));
  stream.close();
  await eventually(() => heard.ends.length === 1);
  assert.deepEqual(heard.objects.map((object) => [object.group, object.object, text(object)]), [
    [100, 0, "snapshot"],
    [100, 1, "event"],
  ]);
  assert.deepEqual(heard.ends, [[100, 0, true]]);
  session.close(0, "");
  assert.deepEqual(await subscription.ended, { kind: "sessionClosed" });
});

test("PUBLISH_DONE ends a subscription when the last stream came", async () => {
  const { session, relay } = await opened();
  const heard = hearing();
  const subscription = session.subscribe(["demo", "a"], "mic", { priority: 32 }, heard);
  const request = await relay.nextRequest();
  await request.next();
  await request.send({ kind: "subscribeOk", alias: 1, parameters: none, properties: none });
  await request.send({ kind: "publishDone", code: 2, streamCount: 1, reason: "" });
  const stream = await relay.push(header(1, 5), encodeObject(utf8("late"), none));
  stream.close();
  assert.deepEqual(await subscription.ended, { kind: "done", code: 2 });
  assert.deepEqual(heard.objects.map(text), ["late"]);
  session.close(0, "");
});

test("a refusal tells its code and when to ask again", async () => {
  const { session, relay } = await opened();
  const subscription = session.subscribe(["demo"], "state", { priority: 16 }, hearing());
  const request = await relay.nextRequest();
  await request.send({ kind: "requestError", code: 0x10, retryAfterMs: 250, reason: "no such track" });
  assert.deepEqual(await subscription.ended, { kind: "refused", code: 0x10, retryAfterMs: 250 });
  session.close(0, "");
});

test("a cancelled subscription stops its streams and hears nothing more", async () => {
  const { session, relay } = await opened();
  const heard = hearing();
  const subscription = session.subscribe(["demo"], "state", { priority: 16 }, heard);
  const request = await relay.nextRequest();
  await request.next();
  await request.send({ kind: "subscribeOk", alias: 3, parameters: none, properties: none });
  const stream = await relay.push(header(3, 1), encodeObject(utf8("one"), none));
  await eventually(() => heard.objects.length === 1);
  subscription.cancel();
  assert.deepEqual(await subscription.ended, { kind: "cancelled" });
  await assert.rejects(stream.closed);
  await assert.rejects(request.writer.closed);
  assert.equal(await request.next(), "reset");
  const late = await relay.push(header(3, 2), encodeObject(utf8("two"), none));
  await assert.rejects(late.closed);
  assert.equal(heard.objects.length, 1);
  session.close(0, "");
});

test("namespaces come and go, and all go with the request", async () => {
  const { session, relay } = await opened();
  const changes: [string, boolean][] = [];
  const subscription = session.subscribeNamespace(["demo"], (suffix, present) => {
    changes.push([suffix.join("/"), present]);
  });
  const request = await relay.nextRequest();
  await request.next();
  await request.send({ kind: "requestOk", parameters: none });
  await request.send({ kind: "namespace", suffix: ["a"] });
  await request.send({ kind: "namespace", suffix: ["b"] });
  await request.send({ kind: "namespaceDone", suffix: ["a"] });
  await eventually(() => changes.length === 3);
  await request.writer.abort(streamError(0));
  assert.deepEqual(await subscription.ended, { kind: "cancelled" });
  assert.deepEqual(changes, [["a", true], ["b", true], ["a", false], ["b", false]]);
  session.close(0, "");
});

interface Published {
  readonly session: Session;
  readonly relay: Relay;
  readonly publications: Publication[];
  readonly request: Talk;
}

async function published(): Promise<Published> {
  const { session, relay } = await opened();
  const publications: Publication[] = [];
  const offer: TrackOffer = {
    priority: 160,
    deliveryTimeoutMs: 1_000,
    start: (publication) => void publications.push(publication),
  };
  session.announce(["demo", "me"], (track) => (track === "cam/mid" ? offer : undefined));
  const announced = await relay.nextRequest();
  await announced.next();
  await announced.send({ kind: "requestOk", parameters: none });
  const request = await relay.ask(subscribeTo("cam/mid", 1));
  return { session, relay, publications, request };
}

test("a track is published once someone subscribes, and no longer than that", async () => {
  const { session, relay, publications, request } = await published();
  const ok = await request.next();
  assert.ok(typeof ok === "object" && ok.kind === "subscribeOk");
  assert.deepEqual([...ok.properties], [[0x02, 1_000], [0x0e, 160]]);
  const subgroup = publications[0]?.openSubgroup(1_795_000_000_000, 0);
  subgroup?.write(utf8("key"), new Map([[0x10, 5]]));
  subgroup?.write(utf8("delta"));
  const objects: ReceivedObject[] = [];
  const read = await relay.nextData();
  const decoder = subgroupDecoder({
    onHeader: ({ alias }) => assert.equal(alias, ok.alias),
    onObject: (object) => void objects.push(object),
  });
  while (objects.length < 2) {
    const chunk = await read();
    assert.ok(typeof chunk === "object");
    decoder.push(chunk);
  }
  assert.deepEqual(objects.map(text), ["key", "delta"]);
  assert.equal(objects[0]?.properties.get(0x10), 5);
  request.stop();
  await publications[0]?.ended;
  assert.equal(await read(), "reset");
  assert.equal(subgroup?.isOpen, false);
  assert.equal(publications[0]?.openSubgroup(1_795_000_000_001, 0).isOpen, false);
  session.close(0, "");
});

test("what the transport has not taken is counted, and forgotten with the stream", async () => {
  const { session, relay, publications } = await published();
  await eventually(() => publications.length === 1);
  const subgroup = publications[0]?.openSubgroup(1, 0) as SubgroupWriter;
  subgroup.write(new Uint8Array(1_000));
  assert.ok(subgroup.queuedBytes >= 1_000);
  const read = await relay.nextData();
  await eventually(() => {
    void read();
    return subgroup.queuedBytes === 0;
  });
  subgroup.write(new Uint8Array(5_000_000));
  subgroup.write(new Uint8Array(5_000_000));
  assert.deepEqual([subgroup.isOpen, subgroup.queuedBytes], [false, 0]);
  session.close(0, "");
});

test("the end of a track is told after its streams, with their number", async () => {
  const { session, relay, publications, request } = await published();
  await request.next();
  publications[0]?.openSubgroup(1, 0).write(utf8("last"));
  publications[0]?.end();
  const read = await relay.nextData();
  let chunk = await read();
  while (typeof chunk === "object") chunk = await read();
  assert.equal(chunk, "end");
  assert.deepEqual(await request.next(), { kind: "publishDone", code: 2, streamCount: 1, reason: "" });
  assert.equal(await request.next(), "end");
  await publications[0]?.ended;
  session.close(0, "");
});

const forward = (state: number, requestId: number): SentMessage => ({
  kind: "requestUpdate",
  requestId,
  parameters: new Map([[ParameterType.forward, state]]),
});

test("a subscriber pauses with FORWARD 0 and goes on with 1, and every update is answered", async () => {
  const { session, publications, request } = await published();
  await request.next();
  await request.send(forward(0, 3));
  assert.deepEqual(await request.next(), { kind: "requestOk", parameters: none });
  await publications[0]?.ended;
  await request.send(forward(1, 5));
  assert.deepEqual(await request.next(), { kind: "requestOk", parameters: none });
  assert.equal(publications.length, 2);
  assert.equal(publications[1]?.openSubgroup(9, 0).isOpen, true);
  session.close(0, "");
});

test("a track that is not offered does not exist, a second subscription is a duplicate", async () => {
  const { session, relay, request } = await published();
  await request.next();
  const codes: unknown[] = [];
  for (const [track, id] of [["screen", 3], ["cam/mid", 5]] as const) {
    const answer = await (await relay.ask(subscribeTo(track, id))).next();
    codes.push(typeof answer === "object" && answer.kind === "requestError" && answer.code);
  }
  assert.deepEqual(codes, [0x10, 0x19]);
  session.close(0, "");
});

test("padding is read and ignored", async () => {
  const { session, relay } = await opened();
  const padding = await relay.push(Uint8Array.of(0xf0, 0x13, 0x2b, 0x3e, 0x28), new Uint8Array(5_000));
  await padding.close();
  assert.equal(await within(20, session.closed), LATE);
  session.close(0, "");
});

const violations: [string, number, (relay: Relay) => Promise<unknown>][] = [
  ["a stream of an unknown type", 0x3, (relay) => relay.push(Uint8Array.of(0x06))],
  ["the end of the control stream", 0x3, (relay) => relay.control.close()],
  ["an unknown message on it", 0x3, (relay) => relay.control.write(Uint8Array.of(0x3f, 0, 0))],
  ["a second control stream", 0x3, (relay) => relay.push(encodeControl({ kind: "setup", options: [] }))],
  ["a request with an ID of ours", 0x4, (relay) => relay.ask(subscribeTo("cam/mid", 2))],
  ["a request stream that begins with an answer", 0x3, (relay) => relay.ask({ kind: "requestOk", parameters: none })],
];
for (const [what, code, violate] of violations) {
  test(`${what} ends the session with code ${code}`, async () => {
    const { session, relay } = await opened();
    await violate(relay);
    const end = await session.closed;
    assert.deepEqual([end.code, end.byUs], [code, true]);
  });
}

test("one GOAWAY is told, a second is a violation", async () => {
  const { session, relay } = await opened();
  const goaway = encodeControl({ kind: "goaway", uri: "", timeoutMs: 0 });
  await relay.control.write(goaway);
  await session.goingAway;
  await relay.control.write(goaway);
  assert.equal((await session.closed).code, 0x3);
});
