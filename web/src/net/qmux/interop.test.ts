/** Our session against another implementation of the draft, which plays the server. */

import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import Peer from "@moq/qmux";
import { latch, type Latch } from "../deadline.ts";
import { streamError, type Transport } from "../transport.ts";
import { farEnd } from "./far-end.ts";
import { qmuxSession } from "./session.ts";

/** The other implementation is for engines that have this; Node 20 has not. */
Promise.withResolvers ??= function withResolvers<T>() {
  let settle: { resolve: (value: T | PromiseLike<T>) => void; reject: (reason?: unknown) => void } | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  assert.ok(settle !== undefined);
  return { promise, ...settle };
};

interface Pair {
  readonly ours: Transport;
  readonly theirs: Peer;
}

/** Both ends, once each knows what the other takes. */
async function pair(t: TestContext): Promise<Pair> {
  let toPeer: ReadableStreamDefaultController<Uint8Array> | undefined;
  const readable = new ReadableStream<Uint8Array>({
    start(controller) {
      toPeer = controller;
    },
  });
  const end = farEnd((record) => toPeer?.enqueue(record));
  const session = qmuxSession(end.socket, end.timing);
  const gone: Latch<{ closeCode: number; reason: string }> = latch();
  const theirs = Peer.accept({
    url: "wss://relay.test/moqt",
    opened: Promise.resolve({
      readable,
      writable: new WritableStream<Uint8Array | string>({
        write(record) {
          assert.ok(typeof record !== "string");
          session.take(record);
        },
      }),
      extensions: "",
      protocol: "qmux-02.moqt-18",
    }),
    closed: gone.promise,
    close: () => gone.resolve({ closeCode: 1000, reason: "" }),
  });
  // Its timers would keep the process.
  t.after(() => theirs.close());
  await session.ready;
  await theirs.ready;
  assert.equal(theirs.protocol, "moqt-18");
  return { ours: session.transport, theirs };
}

async function first<T>(streams: ReadableStream<T>): Promise<T> {
  const reader = streams.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  assert.ok(value !== undefined);
  return value;
}

async function all(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** More than any window. */
const LARGE = Buffer.from(Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * 7) % 251));

async function write(stream: WritableStream<Uint8Array>, bytes: Uint8Array): Promise<void> {
  const writer = stream.getWriter();
  await writer.write(bytes);
  await writer.close();
}

test("a stream of ours that is larger than every window arrives whole", async (t) => {
  const { ours, theirs } = await pair(t);
  const sent = ours.createUnidirectionalStream().then((stream) => write(stream, LARGE));
  const arrived = await all(await first<ReadableStream<Uint8Array>>(theirs.incomingUnidirectionalStreams));
  await sent;
  assert.ok(arrived.equals(LARGE));
});

test("a stream of theirs that is larger than every window arrives whole", async (t) => {
  const { ours, theirs } = await pair(t);
  const sent = theirs.createUnidirectionalStream().then((stream) => write(stream, LARGE));
  const arrived = await all(await first(ours.incomingUnidirectionalStreams));
  await sent;
  assert.ok(arrived.equals(LARGE));
});

test("a request is answered on its own stream, whoever opened it", async (t) => {
  const { ours, theirs } = await pair(t);
  for (const [from, to] of [[ours, theirs], [theirs, ours]] as const) {
    const asked = await from.createBidirectionalStream();
    await write(asked.writable, Buffer.from("question"));
    const answering = await first<{ readable: ReadableStream<Uint8Array>; writable: WritableStream<Uint8Array> }>(
      to.incomingBidirectionalStreams,
    );
    assert.equal(String(await all(answering.readable)), "question");
    await write(answering.writable, Buffer.from("answer"));
    assert.equal(String(await all(asked.readable)), "answer");
  }
});

test("datagrams arrive whole, in both directions", async (t) => {
  const { ours, theirs } = await pair(t);
  assert.ok(ours.datagrams.maxBytes >= 1_200);
  const sent = Buffer.alloc(1_200, 7);
  ours.datagrams.send(sent);
  assert.ok(Buffer.from(await first<Uint8Array>(theirs.datagrams.readable)).equals(sent));
  const writer = theirs.datagrams.writable.getWriter();
  await writer.write(Buffer.from("back"));
  assert.equal(String(Buffer.from(await first(ours.datagrams.readable))), "back");
});

test("streams follow each other without end: each that is over makes room for another", async (t) => {
  const { ours, theirs } = await pair(t);
  for (const [from, to] of [[ours, theirs], [theirs, ours]] as const) {
    const arriving = (to.incomingUnidirectionalStreams as ReadableStream<ReadableStream<Uint8Array>>).getReader();
    for (let count = 0; count < 700; count += 1) {
      const sent = from.createUnidirectionalStream().then((stream) => write(stream, Buffer.from(String(count))));
      const { value } = await arriving.read();
      assert.ok(value !== undefined);
      assert.equal(String(await all(value)), String(count));
      await sent;
    }
  }
});

test("the code of a reset arrives, in both directions", async (t) => {
  const { ours, theirs } = await pair(t);
  const abandoned = (await ours.createUnidirectionalStream()).getWriter();
  await abandoned.write(Buffer.from("half a"));
  const theirReader = (await first<ReadableStream<Uint8Array>>(theirs.incomingUnidirectionalStreams)).getReader();
  await theirReader.read();
  await abandoned.abort(streamError(0x2));
  await assert.rejects(theirReader.read(), { streamErrorCode: 0x2 });

  const dropped = (await theirs.createUnidirectionalStream()).getWriter();
  await dropped.write(Buffer.from("half a"));
  const ourReader = (await first(ours.incomingUnidirectionalStreams)).getReader();
  await ourReader.read();
  await dropped.abort(streamError(0x5));
  await assert.rejects(ourReader.read(), { streamErrorCode: 0x5 });
});

test("the code with which a reader leaves arrives, in both directions", async (t) => {
  const { ours, theirs } = await pair(t);
  const toThem = (await ours.createUnidirectionalStream()).getWriter();
  await toThem.write(Buffer.from("unwanted"));
  await (await first<ReadableStream<Uint8Array>>(theirs.incomingUnidirectionalStreams)).cancel(streamError(0x1));
  await assert.rejects(toThem.closed, { streamErrorCode: 0x1 });

  const toUs = (await theirs.createUnidirectionalStream()).getWriter();
  await toUs.write(Buffer.from("unwanted"));
  await (await first(ours.incomingUnidirectionalStreams)).cancel(streamError(0x9));
  await assert.rejects(toUs.closed, { streamErrorCode: 0x9 });
});

test("last words arrive, in both directions", async (t) => {
  const parting = await pair(t);
  parting.ours.close({ closeCode: 0x2, reason: "leaving" });
  assert.deepEqual(await parting.theirs.closed, { closeCode: 0x2, reason: "leaving" });

  const parted = await pair(t);
  parted.theirs.close({ closeCode: 0x18, reason: "too old" });
  assert.deepEqual(await parted.ours.closed, { closeCode: 0x18, reason: "too old" });
});
