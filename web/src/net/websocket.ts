/** Opens sessions over a WebSocket: for browsers and networks where QUIC does not get through. */

import { LATE, latch, within } from "./deadline.ts";
import { qmuxSession, type QmuxSession, type Timing } from "./qmux/session.ts";
import type { Address, Dial, DialError } from "./transport.ts";

/** TCP, TLS, the upgrade and the first record; each may lose its first packet once. */
const CONNECT_MS_MAX = 10_000;
/** The version of QMux that is spoken, before the protocol it carries (draft-ietf-quic-qmux-02). */
const VERSION = "qmux-02";

const timing: Timing = {
  now: () => performance.now(),
  after(ms, wake) {
    const timer = setTimeout(wake, ms);
    return () => clearTimeout(timer);
  },
};

export async function dialWebSocket(address: Address): Promise<Dial> {
  let socket: WebSocket;
  try {
    socket = new WebSocket(address.socketUrl, address.protocols.map((protocol) => `${VERSION}.${protocol}`));
  } catch (error) {
    return failed({ kind: "failed", reason: String(error) });
  }
  socket.binaryType = "arraybuffer";
  const opening = latch<QmuxSession | undefined>();
  let session: QmuxSession | undefined;
  socket.addEventListener("open", () => {
    session = qmuxSession(socket, timing);
    opening.resolve(session);
  });
  socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) session?.take(new Uint8Array(data));
    else session?.lose("a text where a record belongs");
  });
  // An error says nothing, and is followed by this.
  socket.addEventListener("close", ({ code, reason }) => {
    session?.lose(reason === "" ? `the socket closed with ${code}` : reason);
    opening.resolve(undefined);
  });
  const ready = await within(CONNECT_MS_MAX, follow(opening.promise));
  if (ready === LATE) {
    socket.close();
    return failed({ kind: "timedOut", afterMs: CONNECT_MS_MAX });
  }
  return ready;
}

async function follow(opening: Promise<QmuxSession | undefined>): Promise<Dial> {
  const session = await opening;
  if (session === undefined) return failed({ kind: "failed", reason: "the WebSocket was refused" });
  try {
    await session.ready;
    return { kind: "connected", transport: session.transport };
  } catch (error) {
    return failed({ kind: "failed", reason: String(error) });
  }
}

const failed = (error: DialError): Dial => ({ kind: "error", error });
