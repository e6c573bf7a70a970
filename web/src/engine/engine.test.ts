/** The engine between a page and a relay, both played by the test. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeControl } from "../moqt/control.ts";
import { loopback } from "../moqt/loopback.ts";
import { relayEnd } from "../moqt/relay-end.ts";
import { encodeObject, encodeSubgroupHeader, subgroupDecoder } from "../moqt/subgroup.ts";
import { answer, isLine, ME, nameOf, none, OTHER, room, scene, ticket, utf8 } from "./scene.ts";

const MIC = { name: "mic", packaging: "loc", role: "audio", codec: "opus", samplerate: 48_000, bitrate: 1 };

test("an open line announces us and follows the room, and says so", async () => {
  const set = await room();
  await set.waitFor(isLine("open"));
  assert.deepEqual([...set.requests.keys()].toSorted(), [
    `publishNamespace demo,${ME}`,
    `subscribe demo/inbox/${ME}`,
    "subscribe demo/state",
    "subscribeNamespace demo",
  ]);
  assert.ok(set.posted.some(isLine("connecting")));
  set.engine.take({ kind: "close" });
});

test("state reaches the page with its snapshot marked as the first", async () => {
  const set = await room();
  const send = await answer(set, "subscribe demo/state", 1);
  await send(7, "snapshot", "event");
  await set.waitFor((message) => message.kind === "state" && message.text === "event");
  assert.deepEqual(set.posted.filter(({ kind }) => kind === "state"), [
    { kind: "state", text: "snapshot", first: true },
    { kind: "state", text: "event", first: false },
  ]);
  set.engine.take({ kind: "close" });
});

test("commands are asked for when the room listens, and written in order", async () => {
  const set = await room();
  set.engine.take({ kind: "command", text: "too early" });
  const request = await set.relay.ask({
    kind: "subscribe",
    requestId: 1,
    namespace: ["demo", ME],
    track: "commands",
    parameters: none,
  });
  await request.next();
  await set.waitFor(({ kind }) => kind === "commandsReady");
  set.engine.take({ kind: "command", text: "one" });
  set.engine.take({ kind: "command", text: "two" });
  const read = await set.relay.nextData();
  const texts: string[] = [];
  const groups: number[] = [];
  const decoder = subgroupDecoder({
    onHeader: ({ group }) => groups.push(group),
    onObject: ({ payload }) => texts.push(new TextDecoder().decode(payload)),
  });
  while (texts.length < 2) {
    const chunk = await read();
    assert.ok(typeof chunk === "object");
    decoder.push(chunk);
  }
  assert.deepEqual([groups, texts], [[1_795_000_000_000], ["one", "two"]]);
  set.engine.take({ kind: "close" });
});

test("who publishes is known from their catalog, and forgotten when they leave", async () => {
  const set = await room();
  const names = set.requests.get("subscribeNamespace demo");
  await names?.send({ kind: "requestOk", parameters: none });
  await names?.send({ kind: "namespace", suffix: [ME] });
  await names?.send({ kind: "namespace", suffix: [OTHER] });
  const request = await set.relay.nextRequest();
  assert.equal(nameOf(await request.next()), `subscribe demo,${OTHER}/catalog`);
  await request.send({ kind: "subscribeOk", alias: 9, parameters: none, properties: none });
  const header = encodeSubgroupHeader({ alias: 9, group: 1, subgroup: 0, priority: undefined });
  await set.relay.push(header, encodeObject(utf8(JSON.stringify({ version: "1", tracks: [MIC] })), none));
  while (set.catalogs.length < 1) await new Promise((resolve) => void setImmediate(resolve));
  assert.deepEqual(set.catalogs.map(([who, tracks]) => [who, tracks.map(({ name }) => name)]), [[OTHER, ["mic"]]]);
  await names?.send({ kind: "namespaceDone", suffix: [OTHER] });
  assert.equal(await request.next(), "reset");
  assert.deepEqual(set.catalogs.at(-1), [OTHER, []]);
  set.engine.take({ kind: "close" });
});

test("whoever is not of the company any more is let go, and who comes is asked at once", async () => {
  const set = await room();
  const names = set.requests.get("subscribeNamespace demo");
  await names?.send({ kind: "requestOk", parameters: none });
  await names?.send({ kind: "namespace", suffix: [OTHER] });
  const before = await set.relay.nextRequest();
  assert.equal(nameOf(await before.next()), `subscribe demo,${OTHER}/catalog`);
  await before.send({ kind: "subscribeOk", alias: 9, parameters: none, properties: none });
  const header = encodeSubgroupHeader({ alias: 9, group: 1, subgroup: 0, priority: undefined });
  await set.relay.push(header, encodeObject(utf8(JSON.stringify({ version: "1", tracks: [MIC] })), none));
  while (set.catalogs.length < 1) await new Promise((resolve) => void setImmediate(resolve));
  set.engine.take({ kind: "company", participants: [ME] });
  assert.equal(await before.next(), "reset");
  assert.deepEqual(set.catalogs.at(-1), [OTHER, []]);
  set.engine.take({ kind: "company", participants: [ME, OTHER] });
  assert.deepEqual(set.catalogs.at(-1)?.[1].map(({ name }) => name), ["mic"], "what they published is asked for before their catalog is");
  const after = await set.relay.nextRequest();
  assert.equal(nameOf(await after.next()), `subscribe demo,${OTHER}/catalog`);
  set.engine.take({ kind: "company", participants: undefined });
  await names?.send({ kind: "namespaceDone", suffix: [OTHER] });
  assert.equal(await after.next(), "reset");
  set.engine.take({ kind: "close" });
});

test("a bad token is refused for good, a broken connection is only lost", async () => {
  for (const [closeCode, state] of [[0x2, "refused"], [0x18, "refused"], [0x1, "lost"]] as const) {
    const set = await room();
    set.relay.transport.close({ closeCode, reason: "" });
    await set.waitFor(isLine(state));
  }
  const set = scene([]);
  set.engine.take({ kind: "open", ticket });
  await set.waitFor(isLine("lost"));
});

test("a relay that asks us to move is left for a new session", async () => {
  const set = await room();
  await set.waitFor(isLine("open"));
  await set.relay.control.write(encodeControl({ kind: "goaway", uri: "", timeoutMs: 1_000 }));
  await set.waitFor(isLine("lost"));
});

test("a line whose state track is refused is lost", async () => {
  const set = await room();
  const request = set.requests.get("subscribe demo/state");
  await request?.send({ kind: "requestError", code: 0x10, retryAfterMs: undefined, reason: "" });
  await set.waitFor(isLine("lost"));
});

test("a new ticket replaces the line without a word about the old one", async () => {
  const [first, firstRelay] = loopback();
  const [second, secondRelay] = loopback();
  const set = scene([first, second]);
  set.engine.take({ kind: "open", ticket });
  await relayEnd(firstRelay);
  await set.waitFor(isLine("open"));
  set.engine.take({ kind: "open", ticket });
  await relayEnd(secondRelay);
  while (set.posted.filter(isLine("open")).length < 2) await new Promise((resolve) => void setImmediate(resolve));
  assert.equal(set.posted.some(isLine("lost")), false);
  set.engine.take({ kind: "close" });
});
