/** The line to the room: one dial, one session, and why it ended. */

import type { Race } from "../net/race.ts";
import type { Address, DialError } from "../net/transport.ts";
import { SessionCode } from "../moqt/codes.ts";
import { openSession } from "../moqt/session.ts";
import type { Session, SessionEnd } from "../moqt/types.ts";
import type { Line, Ticket } from "./messages.ts";
import { PROTOCOLS } from "./protocols.ts";

export interface OpenLine {
  /** Ends it without a report. */
  close(): void;
  /** Ends it as lost, so that the page dials anew. */
  lose(reason: string): void;
}

export interface LineEvents {
  report(line: Line): void;
  /** The session, before `open` is reported. */
  onOpen(session: Session): void;
}

export function addressOf({ url, socketUrl, certificateHashes }: Ticket): Address {
  return { url, socketUrl, certificateHashes, protocols: PROTOCOLS };
}

/** Dials with what the ticket says and follows the session to its end. */
export function openLine(
  ticket: Ticket,
  dial: (address: Address) => Promise<Race>,
  { report, onOpen }: LineEvents,
): OpenLine {
  let isOver = false;
  let session: Session | undefined;
  const finish = (line: Line | undefined): void => {
    if (isOver) return;
    isOver = true;
    session?.close(SessionCode.noError, "");
    if (line !== undefined) report(line);
  };
  const lose = (reason: string): void => finish({ state: "lost", reason });

  const run = async (): Promise<void> => {
    report({ state: "connecting" });
    const dialled = await dial(addressOf(ticket));
    if (dialled.kind === "error") return lose(shown(dialled.error));
    if (isOver) return dialled.transport.close();
    const opening = await openSession(dialled.transport, ticket.token);
    if (opening.kind === "failed") return finish(ended(opening.end));
    session = opening.session;
    if (isOver) return session.close(SessionCode.noError, "");
    onOpen(session);
    session.closed.then((end) => finish(ended(end)));
    // The relay is about to stop: a new session finds its successor.
    session.goingAway.then(() => lose("the relay asked us to move"));
    report({ state: "open", carrier: dialled.carrier });
  };
  run().catch((error: unknown) => lose(String(error)));
  return { close: () => finish(undefined), lose };
}

/** A token that was refused will be refused again; everything else may go better next time. */
function ended({ code, reason, byUs }: SessionEnd): Line {
  const isRefused = code === SessionCode.unauthorized || code === SessionCode.expiredAuthToken;
  return isRefused && !byUs ? { state: "refused", code, reason } : { state: "lost", reason };
}

function shown(error: DialError): string {
  switch (error.kind) {
    case "unsupported":
      return "this browser has no WebTransport";
    case "timedOut":
      return `no answer within ${error.afterMs} ms`;
    case "failed":
      return error.reason;
  }
}
