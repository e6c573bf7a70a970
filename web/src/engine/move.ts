/**
 * The move of a session from the WebSocket to WebTransport: dial, a ticket, a second session, and the
 * first one is let go when the second carries everything.
 */

import { LATE, latch, within, type Latch } from "../net/deadline.ts";
import type { Race } from "../net/race.ts";
import type { Address, Dial } from "../net/transport.ts";
import { addressOf } from "./line.ts";
import type { Held, Roles } from "./lines.ts";
import type { Ticket } from "./messages.ts";

/** SETUP is due 5 s after the transport stands (docs/protocol.md): a later ticket comes too late. */
const TICKET_MS_MAX = 4_000;

export interface MoveParts {
  readonly dialBetter: ((address: Address) => Promise<Dial>) | undefined;
  askTicket(): void;
  /** Opens the next line on a transport that stands. */
  begin(ticket: Ticket, race: Race): Held;
  promote(next: Held): void;
  cancelNext(): void;
}

export interface Mover {
  /** Answers whether the line has moved. */
  attempt(): Promise<boolean>;
  takeTicket(ticket: Ticket | undefined): void;
}

export function moving(roles: Roles, parts: MoveParts): Mover {
  let wanted: Latch<Ticket | undefined> | undefined;

  const ticketFor = async (from: Held): Promise<Ticket | undefined> => {
    const asked = latch<Ticket | undefined>();
    wanted = asked;
    parts.askTicket();
    const ticket = await within(TICKET_MS_MAX, asked.promise);
    if (wanted === asked) wanted = undefined;
    return ticket === LATE || roles.current !== from ? undefined : ticket;
  };
  const moveTo = async (next: Held, from: Held): Promise<boolean> => {
    const attached = await next.up.promise;
    if (attached !== undefined && from.attached !== undefined) {
      const isCarried = await Promise.race([attached.takeOver(from.attached), next.over.promise]);
      if (isCarried && roles.next === next) parts.promote(next);
    }
    if (roles.next === next) {
      parts.cancelNext();
      // The relay has replaced the first session, or answers were withheld: only a new one is sure.
      if (attached !== undefined || from.isWithheld) from.line?.lose("a move to another way failed");
    }
    return roles.current === next;
  };
  return {
    async attempt() {
      const from = roles.current;
      if (from?.attached === undefined) return false;
      // The one that is under way first: browsers dial one at a time.
      const dial = from.better ?? parts.dialBetter?.(addressOf(from.ticket));
      from.better = undefined;
      const dialled = await dial;
      if (dialled === undefined || dialled.kind === "error") return false;
      const ticket = roles.current === from && !from.isOver ? await ticketFor(from) : undefined;
      if (ticket !== undefined) return moveTo(parts.begin(ticket, { ...dialled, carrier: "webTransport" }), from);
      dialled.transport.close();
      return false;
    },
    takeTicket: (ticket) => wanted?.resolve(ticket),
  };
}
