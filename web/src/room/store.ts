/**
 * The room's state as signals: what the engine reports goes in, what a person asks goes out.
 *
 * Nothing here knows the DOM; `src/room.tsx` connects it with the engine. What is called reads with
 * `peek`, so that an effect may call it without coming to depend on it.
 */

import { batch, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { createAsking } from "./asking.ts";
import type { Settled } from "./commands.ts";
import { NO_DRAFTS, confirm, discard, draft, settleDraft } from "./drafts.ts";
import type { Drafts } from "./drafts.ts";
import { NO_INBOX, reduceInbox } from "./inbox.ts";
import type { InboxState } from "./inbox.ts";
import type { Audience, CloseReason, Command } from "./messages.ts";
import { parseInbox, parseState } from "./parse.ts";
import { NO_DOOR, follow } from "./door.ts";
import type { Door } from "./door.ts";
import { NO_ROOM, reduce } from "./reduce.ts";
import type { RoomState } from "./reduce.ts";
import { refineClock, setClock } from "./room-clock.ts";
import type { RoomClock } from "./room-clock.ts";
import { hear, speakers } from "./speaking.ts";
import type { Voices } from "./speaking.ts";
import { forget, pass } from "./passing.ts";
import type { Passing } from "./passing.ts";

export interface StoreOptions {
  readonly me: string;
  /** Number of the first new command. */
  readonly next: number;
  /** Writes one object on the `commands` track. */
  readonly send: (text: string) => void;
  /** Called whenever the number of the next command changes. */
  readonly keepNext: (next: number) => void;
  /** The room closed our inbox and says why. */
  readonly onClosed: (reason: CloseReason) => void;
}

export interface RoomStore {
  readonly me: string;
  readonly room: ReadonlySignal<RoomState>;
  /** What only this person may know. */
  readonly inbox: ReadonlySignal<InboxState>;
  readonly door: ReadonlySignal<Door>;
  readonly drafts: ReadonlySignal<Drafts>;
  readonly speaking: ReadonlySignal<ReadonlySet<string>>;
  /** What the room's time is ahead of `performance.now()`. */
  readonly clock: ReadonlySignal<RoomClock>;
  /** What shows for some seconds. */
  readonly passing: ReadonlySignal<readonly Passing[]>;
  /** Resolves with the answer; null when too many commands wait already. */
  ask(command: Command): Promise<Settled> | null;
  /** False when too much waits already. `replyTo` is the message that it answers. */
  say(text: string, to: Audience, replyTo: number | null): boolean;
  discardDraft(key: number): void;
  /** `now` as in `forgetPassed`. */
  takeState(text: string, now: number): void;
  forgetPassed(now: number): void;
  takeInbox(text: string, now: number): void;
  takeLevels(levels: Readonly<Record<string, number>>, now: number): void;
  commandsReady(): void;
  lineLost(): void;
}

export function createStore(options: StoreOptions): RoomStore {
  const room = signal<RoomState>(NO_ROOM);
  const inbox = signal<InboxState>(NO_INBOX);
  const door = signal<Door>(NO_DOOR);
  const drafts = signal<Drafts>(NO_DRAFTS);
  const speaking = signal<ReadonlySet<string>>(new Set());
  const clock = signal<RoomClock>(null);
  const passing = signal<readonly Passing[]>([]);
  const voices = signal<Voices>(new Map());
  const asking = createAsking({ ...options, onSettled: (settled) => (drafts.value = settleDraft(drafts.peek(), settled)) });

  const say = (text: string, to: Audience, replyTo: number | null): boolean =>
    batch(() => {
      const wanted = { kind: "say", text, to, replyTo } as const;
      const isTaken = asking.ask(wanted) !== null;
      drafts.value = isTaken ? draft(drafts.peek(), wanted) : drafts.peek();
      return isTaken;
    });

  return {
    me: options.me,
    room,
    inbox,
    door,
    drafts,
    speaking,
    clock,
    passing,
    ask: asking.ask,
    say,
    discardDraft: (key) => (drafts.value = discard(drafts.peek(), key)),
    takeState: (text, now) => {
      const object = parseState(text);
      if (object !== null) {
        batch(() => {
          const before = room.peek();
          room.value = reduce(before, object);
          if (object.kind === "event" && object.event.kind === "timer") {
            clock.value = refineClock(clock.peek(), object.event.at, now);
          }
          // What comes again shows no second time.
          passing.value = room.peek() === before ? passing.peek() : pass(passing.peek(), object, now);
          drafts.value = confirm(drafts.peek(), room.peek().chat, options.me);
        });
      }
    },
    forgetPassed: (now) => (passing.value = forget(passing.peek(), now)),
    takeInbox: (text, now) => {
      const object = parseInbox(text);
      if (object === null) {
        return;
      }
      batch(() => {
        inbox.value = reduceInbox(inbox.peek(), object);
        clock.value = object.kind === "snapshot" ? setClock(clock.peek(), object.at, now) : clock.peek();
        passing.value = pass(passing.peek(), object, now);
        door.value = follow(door.peek(), object);
        asking.takeAnswer(object);
      });
      if (object.kind === "closed") {
        options.onClosed(object.reason);
      }
    },
    takeLevels: (levels, now) => {
      voices.value = hear(voices.peek(), levels, now);
      speaking.value = speakers(voices.peek(), now, speaking.peek());
    },
    commandsReady: asking.ready,
    lineLost: asking.lost,
  };
}
