/** A line that can be cut, as a whole or for UDP alone, or made slow: all to the server goes through it. */

import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";

/** What waits for a slow line at most, as in a usual router. */
const QUEUE_MS = 300;
/** TCP passes a slow line in pieces of this size. */
const PIECE_BYTES = 1_400;

/** One after the other at `rate` bits a second, which may change. */
function pacer() {
  let free = 0;
  const pace = {
    rate: Infinity,
    /** ms that what comes now would wait. */
    queueMs: () => Math.max(free - performance.now(), 0),
    /** ms until `bytes` are through. */
    take(bytes) {
      const now = performance.now();
      free = Math.max(free, now) + (bytes * 8_000) / pace.rate;
      return free - now;
    },
  };
  return pace;
}

async function* slowly(chunks, pace) {
  for await (const chunk of chunks) {
    const step = pace.rate === Infinity ? chunk.length : PIECE_BYTES;
    for (let from = 0; from < chunk.length; from += step) {
      const piece = chunk.subarray(from, from + step);
      if (pace.rate !== Infinity) await pause(pace.take(piece.length));
      yield piece;
    }
  }
}

/** Listens on `port` of 127.0.0.1 and carries everything to `target` of the same machine. */
export async function openLine(port, target) {
  let isOpen = true;
  let isCut = false;
  let isUdpBlocked = false;
  const down = pacer();
  const upstreams = new Map();
  const socket = createSocket("udp4");
  socket.on("message", (packet, from) => {
    if (isCut || isUdpBlocked) return;
    const key = `${from.address}:${from.port}`;
    let upstream = upstreams.get(key);
    if (!upstream) {
      upstream = createSocket("udp4");
      upstream.on("message", (answer) => {
        if (isCut || isUdpBlocked || down.queueMs() > QUEUE_MS) return;
        if (down.rate === Infinity) socket.send(answer, from.port, from.address);
        else setTimeout(() => isOpen && socket.send(answer, from.port, from.address), down.take(answer.length));
      });
      upstreams.set(key, upstream);
    }
    upstream.send(packet, target, "127.0.0.1");
  });
  await new Promise((resolve) => socket.bind(port, "127.0.0.1", resolve));

  const connections = new Set();
  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(target, "127.0.0.1");
    for (const [one, other] of [[client, upstream], [upstream, client]]) {
      connections.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        connections.delete(one);
        other.destroy();
      });
    }
    client.pipe(upstream);
    Readable.from(slowly(upstream, down)).on("error", () => client.destroy()).pipe(client);
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    /** Nothing passes any more, as when the cable is pulled. */
    cut() {
      isCut = true;
      for (const connection of connections) connection.destroy();
    },
    mend() {
      isCut = false;
    },
    /** As a firewall does it: packets vanish, TCP passes. */
    blockUdp() {
      isUdpBlocked = true;
    },
    allowUdp() {
      isUdpBlocked = false;
    },
    /** So many bits a second pass to the page; to the server all do. */
    slow(bitsPerSecond) {
      down.rate = bitsPerSecond;
    },
    close() {
      isOpen = false;
      socket.close();
      for (const upstream of upstreams.values()) upstream.close();
      for (const connection of connections) connection.destroy();
      server.close();
    },
  };
}
