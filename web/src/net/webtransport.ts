/** Opens WebTransport sessions, one at a time. */

import { LATE, within } from "./deadline.ts";
import { NO_LOSSES, noted } from "./losses.ts";
import {
  DATAGRAM_MS_MAX,
  DATAGRAMS_UNREAD_MAX,
  DATAGRAMS_WAITING_MAX,
  type Address,
  type BidirectionalStream,
  type Datagrams,
  type Dial,
  type DialError,
  type Transport,
} from "./transport.ts";

/** A handshake that takes longer has met a firewall; two losses of the first flight need 3 s. */
const CONNECT_MS_MAX = 10_000;

/** TypeScript's own description of the options does not know `protocols` yet. */
type Options = WebTransportOptions & { readonly protocols: string[] };

/** What TypeScript's own description does not know yet, and not every browser has. */
type Extras = WebTransport & {
  getStats?(): Promise<{ readonly packetsSent?: number; readonly packetsLost?: number }>;
};
type DatagramExtras = Omit<WebTransportDatagramDuplexStream, "writable"> & {
  /** Chromium and Firefox. */
  readonly writable?: WritableStream<Uint8Array>;
  /** The draft, and Safari. */
  createWritable?(): WritableStream<Uint8Array>;
};
/** How often is asked what was lost. */
const COUNT_EVERY_MS = 1_000;
/** Writes that the browser has not answered, which takes it 0.3 ms; what waits behind them can still be dropped. */
const WRITES_MAX = 4;

/**
 * Browsers throttle sessions that are still connecting, and after 64 refuse all until the page is
 * loaded anew; so a dial begins when the one before has settled.
 */
let lastDial: Promise<unknown> = Promise.resolve();

export function dialWebTransport(address: Address): Promise<Dial> {
  const dial = lastDial.then(() => connect(address));
  lastDial = dial;
  return dial;
}

async function connect(address: Address): Promise<Dial> {
  if (typeof WebTransport === "undefined") return failed({ kind: "unsupported" });
  let session: WebTransport;
  try {
    session = new WebTransport(address.url, optionsOf(address));
  } catch (error) {
    return failed({ kind: "failed", reason: String(error) });
  }
  // A failed dial rejects `closed` too; whoever gets the transport listens again.
  session.closed.catch(() => undefined);
  try {
    const ready = await within(CONNECT_MS_MAX, session.ready);
    if (ready === LATE) {
      session.close();
      return failed({ kind: "timedOut", afterMs: CONNECT_MS_MAX });
    }
    return { kind: "connected", transport: transportOf(session) };
  } catch (error) {
    return failed({ kind: "failed", reason: String(error) });
  }
}

function optionsOf(address: Address): Options {
  const options: Options = {
    allowPooling: false,
    congestionControl: "low-latency",
    protocols: [...address.protocols],
  };
  if (address.certificateHashes.length > 0) {
    options.serverCertificateHashes = address.certificateHashes.map((hash) => ({
      algorithm: "sha-256",
      value: Uint8Array.from(atob(hash), (char) => char.charCodeAt(0)),
    }));
  }
  return options;
}

const failed = (error: DialError): Dial => ({ kind: "error", error });

/** A session that stands, as a transport. */
export function transportOf(session: WebTransport): Transport {
  const isLossy = watchLosses(session);
  return {
    closed: session.closed,
    incomingUnidirectionalStreams: session.incomingUnidirectionalStreams,
    incomingBidirectionalStreams: session.incomingBidirectionalStreams,
    datagrams: datagramsOf(session.datagrams),
    get isLossy() {
      return isLossy();
    },
    createUnidirectionalStream: (options) => session.createUnidirectionalStream(options),
    createBidirectionalStream: (options) => session.createBidirectionalStream(options) as Promise<BidirectionalStream>,
    close: (end) => session.close(end),
  };
}

function datagramsOf(datagrams: DatagramExtras): Datagrams {
  datagrams.incomingMaxAge = DATAGRAM_MS_MAX;
  datagrams.outgoingMaxAge = DATAGRAM_MS_MAX;
  // Chromium's is 1, beyond which it may drop what comes while the worker is busy.
  datagrams.incomingHighWaterMark = DATAGRAMS_UNREAD_MAX;
  const writer = (datagrams.createWritable?.() ?? datagrams.writable)?.getWriter();
  writer?.closed.catch(() => undefined);
  const waiting: Uint8Array[] = [];
  let underWay = 0;

  const pump = (): void => {
    while (underWay < WRITES_MAX) {
      const datagram = waiting.shift();
      if (datagram === undefined) return;
      underWay += 1;
      writer?.write(datagram).then(onWritten, onWritten);
    }
  };
  const onWritten = (): void => {
    underWay -= 1;
    pump();
  };
  const maxBytes = (): number => (writer === undefined ? 0 : datagrams.maxDatagramSize);
  return {
    get maxBytes() {
      return maxBytes();
    },
    readable: datagrams.readable,
    send(datagram) {
      if (datagram.length > maxBytes()) return false;
      waiting.push(datagram);
      if (waiting.length > DATAGRAMS_WAITING_MAX) waiting.shift();
      pump();
      return true;
    },
  };
}

/** Answers whether packets get lost, as far as the browser tells. */
function watchLosses(session: Extras): () => boolean {
  let losses = NO_LOSSES;
  const count = async (): Promise<void> => {
    const { packetsSent: sent, packetsLost: lost } = (await session.getStats?.().catch(() => undefined)) ?? {};
    if (sent === undefined || lost === undefined) clearInterval(timer);
    else losses = noted(losses, { sent, lost });
  };
  const timer = setInterval(() => void count(), COUNT_EVERY_MS);
  const stop = (): void => clearInterval(timer);
  session.closed.then(stop, stop);
  return () => losses.isLossy;
}
