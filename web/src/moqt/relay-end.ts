/** The relay's end of a session in memory, driven message by message: for tests. */

import type { BidirectionalStream, Transport } from "../net/transport.ts";
import { encodeControl, type SentMessage } from "./control.ts";
import { loopback } from "./loopback.ts";
import { chunkReader, messageReader, type Chunk, type Incoming } from "./peer.ts";
import type { KeyValue } from "./properties.ts";
import { openSession } from "./session.ts";
import type { Session } from "./types.ts";

/** A request as the relay sees it, or makes it. */
export interface Talk {
  next(): Promise<Incoming>;
  send(message: SentMessage): Promise<void>;
  readonly stream: BidirectionalStream;
  readonly writer: WritableStreamDefaultWriter<Uint8Array>;
  stop(): void;
}

function talk(stream: BidirectionalStream): Talk {
  const writer = stream.writable.getWriter();
  writer.closed.catch(() => undefined);
  const chunks = chunkReader(stream.readable);
  return {
    next: messageReader(chunks),
    send: (message) => writer.write(encodeControl(message)),
    stream,
    writer,
    stop: () => chunks.stop(1),
  };
}

export interface Relay {
  readonly transport: Transport;
  readonly control: WritableStreamDefaultWriter<Uint8Array>;
  readonly setup: Incoming;
  nextRequest(): Promise<Talk>;
  ask(message: SentMessage): Promise<Talk>;
  nextData(): Promise<() => Promise<Chunk>>;
  /** Sends bytes on a stream of its own. */
  push(...parts: Uint8Array[]): Promise<WritableStreamDefaultWriter<Uint8Array>>;
}

async function take<T>(reader: ReadableStreamDefaultReader<T>): Promise<T> {
  const { value } = await reader.read();
  if (value === undefined) throw new Error("no more streams");
  return value;
}

/** Answers a client's SETUP on the other end of its transport, with these options. */
export async function relayEnd(transport: Transport, options: readonly KeyValue[] = []): Promise<Relay> {
  const uni = transport.incomingUnidirectionalStreams.getReader();
  const bidi = transport.incomingBidirectionalStreams.getReader();
  const setup = await messageReader(chunkReader(await take(uni)))();
  const control = (await transport.createUnidirectionalStream()).getWriter();
  control.closed.catch(() => undefined);
  await control.write(encodeControl({ kind: "setup", options }));
  return {
    transport,
    control,
    setup,
    nextRequest: async () => talk(await take(bidi)),
    async ask(message) {
      const asked = talk(await transport.createBidirectionalStream());
      await asked.send(message);
      return asked;
    },
    async nextData() {
      const chunks = chunkReader(await take(uni));
      return () => chunks.read();
    },
    async push(...parts) {
      const writer = (await transport.createUnidirectionalStream()).getWriter();
      writer.closed.catch(() => undefined);
      for (const part of parts) writer.write(part).catch(() => undefined);
      return writer;
    },
  };
}

/** A session of a client, set up with a relay that the test plays; `maxDatagramBytes` as of `loopback`. */
export async function opened(
  options: readonly KeyValue[] = [],
  maxDatagramBytes?: number,
): Promise<{ session: Session; relay: Relay }> {
  const [client, transport] = loopback(maxDatagramBytes);
  const opening = openSession(client, "token");
  const relay = await relayEnd(transport, options);
  const result = await opening;
  if (result.kind !== "open") throw new Error(`not open: ${result.end.reason}`);
  return { session: result.session, relay };
}

/** The relay asks for a track of ours. */
export const subscribeTo = (track: string, requestId: number): SentMessage => ({
  kind: "subscribe",
  requestId,
  namespace: ["demo", "me"],
  track,
  parameters: new Map(),
});
