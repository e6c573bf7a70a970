/** The outer world of the line in a browser: its clock, its chance, the server and the engine. */

import type { Ticket, ToEngine } from "../engine/messages.ts";
import { recallCarrier } from "./carrier.ts";
import { readStated } from "./consent.ts";
import type { LineWorld } from "./drive.ts";
import { join } from "./join.ts";
import type { Admission } from "./join.ts";
import { keepSeat, readSeat } from "./seat.ts";
import type { Seat } from "./seat.ts";

export function browserWorld(admission: Admission, post: (message: ToEngine) => void): LineWorld {
  const { room, name } = admission;
  return {
    now: () => performance.now(),
    draw: Math.random,
    after: (ms, wake) => {
      const timer = setTimeout(wake, ms);
      return () => clearTimeout(timer);
    },
    askTicket: async (withinMs) => {
      const resume = readSeat(sessionStorage, room)?.resume ?? admission.resume;
      const outcome = await join({ room, resume, name, ...readStated(sessionStorage, room) }, { withinMs });
      if (outcome.kind === "failed") {
        return { failure: outcome.failure };
      }
      changeSeat(outcome.admission, { resume: outcome.admission.resume });
      return { ticket: ticketOf(outcome.admission) };
    },
    open: (ticket) => post({ kind: "open", ticket }),
    close: () => post({ kind: "close" }),
  };
}

export function ticketOf({ relay, token, room, participant }: Admission): Ticket {
  // WebTransport is https always, also beside a page of http://localhost.
  const url = `https://${location.host}${relay.path}`;
  const socketUrl = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${relay.path}`;
  const likely = recallCarrier(() => localStorage, Date.now());
  return { url, socketUrl, likely, certificateHashes: relay.certificateHashes, token, room, participant };
}

/** Changes what this tab keeps of its seat. */
export function changeSeat(admission: Admission, change: Partial<Pick<Seat, "resume" | "next">>): void {
  const { room, participant, name, resume } = admission;
  const seat = readSeat(sessionStorage, room) ?? { room, participant, name, resume, next: 1 };
  keepSeat(sessionStorage, { ...seat, ...change });
}
