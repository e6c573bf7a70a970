/** What the browser's datagrams are to us: little waits, and what is old makes room. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { latch, type Latch } from "./deadline.ts";
import { DATAGRAM_MS_MAX, DATAGRAMS_UNREAD_MAX, DATAGRAMS_WAITING_MAX } from "./transport.ts";
import { transportOf } from "./webtransport.ts";

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A browser that takes a datagram when it is told to. */
function browser(datagrams: object = {}, session: object = {}) {
  const written: number[] = [];
  const writes: Latch<void>[] = [];
  const writable = new WritableStream<Uint8Array>({
    write(datagram) {
      written.push(datagram[0] ?? 0);
      const taken = latch<void>();
      writes.push(taken);
      return taken.promise;
    },
  });
  const shown = {
    closed: new Promise(() => undefined),
    datagrams: { writable, readable: new ReadableStream(), maxDatagramSize: 10, ...datagrams },
    ...session,
  };
  const take = async (): Promise<void> => {
    writes.shift()?.resolve();
    await settled();
  };
  return { transport: transportOf(shown as unknown as WebTransport), shown, writable, written, take };
}

test("of datagrams that wait for the browser the oldest are dropped", async () => {
  const { transport, written, take } = browser();
  for (let number = 1; number <= 40; number += 1) assert.equal(transport.datagrams.send(Uint8Array.of(number)), true);
  await settled();
  for (let count = 0; count < 40; count += 1) await take();
  const [first, ...rest] = written;
  assert.equal(first, 1);
  assert.equal(written.at(-1), 40);
  assert.ok(rest.length < 2 * DATAGRAMS_WAITING_MAX);
  assert.deepEqual(rest.slice(-DATAGRAMS_WAITING_MAX), Array.from({ length: DATAGRAMS_WAITING_MAX }, (_, i) => 41 - DATAGRAMS_WAITING_MAX + i));
});

test("a datagram that is too large is not sent", () => {
  const { transport, written } = browser();
  assert.equal(transport.datagrams.maxBytes, 10);
  assert.equal(transport.datagrams.send(new Uint8Array(11)), false);
  assert.deepEqual(written, []);
});

test("where datagrams are written by createWritable they are", async () => {
  const written: Uint8Array[] = [];
  const writable = new WritableStream<Uint8Array>({ write: (datagram) => void written.push(datagram) });
  const { transport } = browser({ writable: undefined, createWritable: () => writable });
  transport.datagrams.send(Uint8Array.of(7));
  await settled();
  assert.deepEqual(written, [Uint8Array.of(7)]);
});

test("a browser that lets nothing be written carries no datagrams", () => {
  const { transport } = browser({ writable: undefined });
  assert.equal(transport.datagrams.maxBytes, 0);
  assert.equal(transport.datagrams.send(Uint8Array.of(7)), false);
});

test("the browser is told to keep more than the newest, and nothing for long", () => {
  const { shown } = browser();
  const { incomingHighWaterMark, incomingMaxAge, outgoingMaxAge } = shown.datagrams as Partial<WebTransportDatagramDuplexStream>;
  assert.deepEqual([incomingHighWaterMark, incomingMaxAge, outgoingMaxAge], [DATAGRAMS_UNREAD_MAX, DATAGRAM_MS_MAX, DATAGRAM_MS_MAX]);
});

test("a session that ends while datagrams wait breaks nothing", async () => {
  const { transport, writable } = browser();
  await writable.abort().catch(() => undefined);
  for (let number = 1; number <= 40; number += 1) transport.datagrams.send(Uint8Array.of(number));
  await settled();
});

test("losses are known where the browser counts them, and asked for no more where it does not", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  try {
    let [sent, asked] = [0, 0];
    const counting = browser({}, {
      async getStats() {
        sent += 100;
        return { packetsSent: sent, packetsLost: sent / 20 };
      },
    });
    const silent = browser({}, {
      getStats() {
        asked += 1;
        return Promise.reject(new Error("not implemented"));
      },
    });
    for (let second = 0; second < 5; second += 1) {
      mock.timers.tick(1_000);
      await settled();
    }
    assert.deepEqual([counting.transport.isLossy, silent.transport.isLossy, asked], [true, false, 1]);
  } finally {
    mock.timers.reset();
  }
});
