/**
 * The line to the room and, while it moves to another way, the one that takes over from it. There is
 * no moment without a line: the second one carries everything before the first is let go.
 */

import { latch, type Latch } from "../net/deadline.ts";
import { closeLater, type Race, type Wishes } from "../net/race.ts";
import type { Address, Carrier, Dial } from "../net/transport.ts";
import type { Session } from "../moqt/types.ts";
import type { Attached } from "./attached.ts";
import type { RoomObject } from "./control-tracks.ts";
import { openLine, type OpenLine } from "./line.ts";
import type { FromEngine, Line, Ticket } from "./messages.ts";
import { moving } from "./move.ts";
import { upgrading } from "./upgrade.ts";

/** How long a way that brought nothing is avoided. */
const AVOIDED_MS = 10 * 60 * 1_000;

export interface LinesParts {
  post(message: FromEngine): void;
  dial(address: Address, wishes: Wishes): Promise<Race>;
  /** Dials the better way alone; undefined where it is not better. */
  readonly dialBetter: ((address: Address) => Promise<Dial>) | undefined;
  /** Hangs everything on a session that has come up. */
  attach(session: Session, ticket: Ticket, events: AttachEvents): Attached;
  /** ms */
  now(): number;
}

export interface AttachEvents {
  onRoom(object: RoomObject): void;
  lose(reason: string): void;
  onStarved(): void;
}

export interface Lines {
  open(ticket: Ticket): void;
  close(): void;
  /** Answers `ticketWanted`. */
  takeTicket(ticket: Ticket | undefined): void;
  networkChanged(): void;
  tick(): void;
}

/** A line with what hangs on it, once its session is there. */
export interface Held {
  readonly ticket: Ticket;
  line: OpenLine | undefined;
  carrier: Carrier | undefined;
  attached: Attached | undefined;
  /** The inbox spoke by it and was not heard. */
  isWithheld: boolean;
  /** The dial of a better way that goes on, until the line moves with it or is let go. */
  better: Promise<Dial> | undefined;
  /** Perhaps while it was being dialled. */
  isOver: boolean;
  /** Its session is up, or never will be. */
  readonly up: Latch<Attached | undefined>;
  /** It is over: false, so that it can be raced against what should have come true. */
  readonly over: Latch<false>;
}

const held = (ticket: Ticket): Held => ({
  ticket,
  line: undefined,
  carrier: undefined,
  attached: undefined,
  isWithheld: false,
  better: undefined,
  isOver: false,
  up: latch(),
  over: latch(),
});

/** Nothing comes of it any more, nor of the better way. */
function end(of: Held): void {
  of.isOver = true;
  if (of.better !== undefined) closeLater(of.better);
  of.better = undefined;
}

/** Ends a line without a report. */
function close(closed: Held): void {
  end(closed);
  closed.line?.close();
}

function drop(dropped: Held): void {
  dropped.over.resolve(false);
  dropped.up.resolve(undefined);
  dropped.attached?.silence();
  close(dropped);
}

/** The way that brought nothing lately. */
function avoiding(now: () => number): { add(carrier: Carrier | undefined): void; now(): Carrier | undefined } {
  let avoided: { readonly carrier: Carrier; readonly until: number } | undefined;
  return {
    add(carrier) {
      if (carrier !== undefined) avoided = { carrier, until: now() + AVOIDED_MS };
    },
    now: () => (avoided !== undefined && now() < avoided.until ? avoided.carrier : undefined),
  };
}

/** Who is whose successor. */
export interface Roles {
  current: Held | undefined;
  /** Takes over from `current` soon. */
  next: Held | undefined;
}

interface Starting {
  readonly roles: Roles;
  readonly parts: LinesParts;
  follow(of: Held, line: Line): void;
  onStarved(held: Held): void;
}

function startLine(
  to: Held,
  dialling: (address: Address) => Promise<Race>,
  { roles, parts, follow, onStarved }: Starting,
): void {
  const lose = (reason: string): void => to.line?.lose(reason);
  const onRoom = (object: RoomObject): void => {
    if (to !== roles.current || roles.next === undefined || object.kind !== "inbox") parts.post(object);
    // It comes again in the snapshot for the session that takes over. That this one is replaced is
    // our own doing.
    else to.isWithheld = true;
  };
  const dial = async (address: Address): Promise<Race> => {
    const race = await dialling(address);
    if (race.kind === "connected") to.better = race.better;
    if (to.isOver) end(to);
    return race;
  };
  to.line = openLine(to.ticket, dial, {
    report: (line) => follow(to, line),
    onOpen(session) {
      to.attached = parts.attach(session, to.ticket, {
        lose,
        onRoom,
        onStarved() {
          onStarved(to);
          lose("nothing comes by this way");
        },
      });
    },
  });
}

export function openLines(parts: LinesParts): Lines {
  const { post, now } = parts;
  const roles: Roles = { current: undefined, next: undefined };
  const avoidance = avoiding(now);

  const follow = (of: Held, line: Line): void => {
    if (line.state === "open") {
      of.carrier = line.carrier;
      of.up.resolve(of.attached);
    } else if (line.state !== "connecting") {
      end(of);
      of.up.resolve(undefined);
      of.over.resolve(false);
    }
    if (of === roles.current) tell(line);
  };
  const tell = (line: Line): void => {
    if (line.state === "open") upgrade.opened(line.carrier, roles.current?.better !== undefined);
    else if (line.state !== "connecting") {
      if (roles.next?.attached !== undefined) return promote(roles.next);
      cancelNext();
      upgrade.closed();
    }
    post({ kind: "line", line });
  };
  const onStarved = ({ carrier }: Held): void => {
    avoidance.add(carrier);
    if (carrier === "webTransport") upgrade.rest(AVOIDED_MS);
  };
  const start = (to: Held, dialling: (address: Address) => Promise<Race>): void =>
    startLine(to, dialling, { roles, parts, follow, onStarved });
  const promote = (next: Held): void => {
    const before = roles.current;
    roles.current = next;
    roles.next = undefined;
    if (before !== undefined) drop(before);
    tell({ state: "open", carrier: next.carrier ?? "webTransport" });
  };
  const cancelNext = (): void => {
    if (roles.next !== undefined) drop(roles.next);
    roles.next = undefined;
  };
  const begin = (ticket: Ticket, race: Race): Held => {
    const next = held(ticket);
    roles.next = next;
    start(next, () => Promise.resolve(race));
    return next;
  };
  const askTicket = (): void => post({ kind: "ticketWanted" });
  const mover = moving(roles, { dialBetter: parts.dialBetter, askTicket, begin, promote, cancelNext });
  const upgrade = upgrading(now, mover.attempt);

  const closeAll = (): void => {
    cancelNext();
    upgrade.closed();
    if (roles.current !== undefined) close(roles.current);
  };
  return {
    open(ticket) {
      closeAll();
      roles.current = held(ticket);
      start(roles.current, (address) => parts.dial(address, { likely: ticket.likely, avoided: avoidance.now() }));
    },
    close: closeAll,
    takeTicket: mover.takeTicket,
    networkChanged: upgrade.hurry,
    tick() {
      upgrade.tick();
      roles.current?.attached?.tick();
    },
  };
}
