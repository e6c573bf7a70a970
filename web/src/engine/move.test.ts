/** A session that moves from the WebSocket to WebTransport, between a page and a relay played by the test. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { latch } from "../net/deadline.ts";
import type { Dial } from "../net/transport.ts";
import { loopback } from "../moqt/loopback.ts";
import { answer, isLine, joined, ME, room, ticket, type Room } from "./scene.ts";

const MOVE_DUE_MS = 20_000;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const carriers = ({ posted }: Room) =>
  posted.flatMap((message) => (message.kind === "line" && message.line.state === "open" ? [message.line.carrier] : []));
const texts = ({ posted }: Room, kind: "state" | "inbox") =>
  posted.flatMap((message) => (message.kind === kind ? [message.text] : []));

/** A room on the WebSocket whose better way stands, up to the ticket for it. */
async function ready() {
  const [client, transport] = loopback();
  const set = await room("webSocket", [client]);
  await set.waitFor(isLine("open"));
  let isOver = false;
  set.relay.transport.closed.then(() => (isOver = true));
  set.pass(MOVE_DUE_MS);
  await set.waitFor(({ kind }) => kind === "ticketWanted");
  return { set, transport, isFirstOver: () => isOver };
}

test("the first session goes on until the second one has the room, then it is let go", async () => {
  const { set, transport, isFirstOver } = await ready();
  const first = await answer(set, "subscribe demo/inbox/" + ME, 1);
  set.engine.take({ kind: "ticket", ticket });
  const second = await joined(transport);
  await first(1, "replaced");
  const state = await answer(second, "subscribe demo/state", 1);
  await state(7, "snapshot");
  await set.waitFor((message) => message.kind === "state" && message.text === "snapshot");
  assert.equal(isFirstOver(), false);
  const inbox = await answer(second, `subscribe demo/inbox/${ME}`, 2);
  await inbox(8, "all answers");
  await set.relay.transport.closed;
  assert.deepEqual(carriers(set), ["webSocket", "webTransport"]);
  assert.deepEqual(texts(set, "inbox"), ["all answers"]);
  assert.equal(set.posted.filter(isLine("connecting")).length, 1);
  assert.equal(set.posted.some(isLine("lost")), false);
  set.engine.take({ kind: "close" });
});

test("a better way that was only slower takes over as soon as it stands", async () => {
  const [client, transport] = loopback();
  const late = latch<Dial>();
  const set = await room("webSocket", [], late.promise);
  await set.waitFor(isLine("open"));
  await settled();
  assert.equal(set.posted.some(({ kind }) => kind === "ticketWanted"), false);
  late.resolve({ kind: "connected", transport: client });
  await set.waitFor(({ kind }) => kind === "ticketWanted");
  set.engine.take({ kind: "ticket", ticket });
  const second = await joined(transport);
  await (await answer(second, "subscribe demo/state", 1))(7, "snapshot");
  await (await answer(second, `subscribe demo/inbox/${ME}`, 2))(8, "all answers");
  await set.relay.transport.closed;
  assert.deepEqual(carriers(set), ["webSocket", "webTransport"]);
  set.engine.take({ kind: "close" });
});

test("a better way that stands after the page has left is closed", async () => {
  const [client, transport] = loopback();
  const late = latch<Dial>();
  const set = await room("webSocket", [], late.promise);
  await set.waitFor(isLine("open"));
  set.engine.take({ kind: "close" });
  late.resolve({ kind: "connected", transport: client });
  await transport.closed;
  assert.equal(set.posted.some(({ kind }) => kind === "ticketWanted"), false);
});

test("without a ticket everything stays as it is", async () => {
  const { set, transport, isFirstOver } = await ready();
  set.engine.take({ kind: "ticket", ticket: undefined });
  await transport.closed;
  assert.equal(isFirstOver(), false);
  assert.deepEqual(carriers(set), ["webSocket"]);
  set.engine.take({ kind: "close" });
});

test("a better way that breaks before it stands changes nothing", async () => {
  const { set, transport, isFirstOver } = await ready();
  set.engine.take({ kind: "ticket", ticket });
  transport.close({ closeCode: 0x1, reason: "" });
  await settled();
  assert.equal(isFirstOver(), false);
  assert.equal(set.posted.some(isLine("lost")), false);
  const inbox = await answer(set, `subscribe demo/inbox/${ME}`, 1);
  await inbox(1, "still here");
  await set.waitFor((message) => message.kind === "inbox" && message.text === "still here");
  set.engine.take({ kind: "close" });
});

test("a first session that is lost in the middle of the move is not missed", async () => {
  const { set, transport } = await ready();
  set.engine.take({ kind: "ticket", ticket });
  const second = await joined(transport);
  set.relay.transport.close({ closeCode: 0x0, reason: "replaced" });
  await set.waitFor((message) => message.kind === "line" && message.line.state === "open" && message.line.carrier === "webTransport");
  const state = await answer(second, "subscribe demo/state", 1);
  await state(7, "snapshot");
  await set.waitFor((message) => message.kind === "state" && message.text === "snapshot");
  assert.equal(set.posted.some(isLine("lost")), false);
  set.engine.take({ kind: "close" });
});

test("a second session that is lost after the relay heard of it is told as a loss", async () => {
  const { set, transport } = await ready();
  set.engine.take({ kind: "ticket", ticket });
  const second = await joined(transport);
  second.relay.transport.close({ closeCode: 0x1, reason: "" });
  await set.waitFor(isLine("lost"));
});

test("on WebTransport nothing better is looked for", async () => {
  const [client] = loopback();
  const set = await room("webTransport", [client]);
  await set.waitFor(isLine("open"));
  set.pass(10 * MOVE_DUE_MS);
  await settled();
  assert.equal(set.posted.some(({ kind }) => kind === "ticketWanted"), false);
  set.engine.take({ kind: "close" });
});

test("the page closes both lines while one takes over from the other", async () => {
  const { set, transport } = await ready();
  set.engine.take({ kind: "ticket", ticket });
  await joined(transport);
  set.engine.take({ kind: "close" });
  await Promise.all([transport.closed, set.relay.transport.closed]);
  assert.deepEqual(carriers(set), ["webSocket"]);
});
