/** Opens WebTransport sessions, one at a time. */

import { LATE, within } from "./deadline.ts";
import type { Address, Dial, DialError, Transport } from "./transport.ts";

/** A handshake that takes longer has met a firewall; two losses of the first flight need 3 s. */
const CONNECT_MS_MAX = 10_000;

/** TypeScript's own description of the options does not know `protocols` yet. */
type Options = WebTransportOptions & { readonly protocols: string[] };

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
    return { kind: "connected", transport: session as Transport };
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
