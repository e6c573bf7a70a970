/** A line that can be cut, as a whole or for UDP alone: all to the server goes through it. */

import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";

/** Listens on `port` of 127.0.0.1 and carries everything to `target` of the same machine. */
export async function openLine(port, target) {
  let isCut = false;
  let isUdpBlocked = false;
  const upstreams = new Map();
  const socket = createSocket("udp4");
  socket.on("message", (packet, from) => {
    if (isCut || isUdpBlocked) return;
    const key = `${from.address}:${from.port}`;
    let upstream = upstreams.get(key);
    if (!upstream) {
      upstream = createSocket("udp4");
      upstream.on("message", (answer) => {
        if (!isCut && !isUdpBlocked) socket.send(answer, from.port, from.address);
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
      one.pipe(other);
    }
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
    close() {
      socket.close();
      for (const upstream of upstreams.values()) upstream.close();
      for (const connection of connections) connection.destroy();
      server.close();
    },
  };
}
