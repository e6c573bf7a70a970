/**
 * The room's state as signals: what the engine reports goes in, what a person asks goes out.
 *
 * Nothing here knows the DOM; `src/room.tsx` connects it with the engine. What is called reads with
 * `peek`, so that an effect may call it without coming to depend on it.
 */

import { batch, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { answer, enqueue, openOutbox, pause, restart } from "./commands.ts";
import type { OutboxStep, Settled } from "./commands.ts";
import { NO_DRAFTS, confirm, discard, draft, refuseDraft } from "./drafts.ts";
import type { Drafts } from "./drafts.ts";
import type { CloseReason, Command } from "./messages.ts";
import { parseInbox, parseState } from "./parse.ts";
import { NO_ROOM, reduce } from "./reduce.ts";
import type { RoomState } from "./reduce.ts";
import { hear, speakers } from "./speaking.ts";
import type { Voices } from "./speaking.ts";

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
  readonly drafts: ReadonlySignal<Drafts>;
  readonly speaking: ReadonlySignal<ReadonlySet<string>>;
  /** Resolves with the answer; null when too many commands wait already. */
  ask(command: Command): Promise<Settled> | null;
  say(text: string): boolean;
  discardDraft(key: number): void;
  takeState(text: string): void;
  takeInbox(text: string): void;
  takeLevels(levels: Readonly<Record<string, number>>, now: number): void;
  commandsReady(): void;
  lineLost(): void;
}

export function createStore(options: StoreOptions): RoomStore {
  const room = signal<RoomState>(NO_ROOM);
  const drafts = signal<Drafts>(NO_DRAFTS);
  const speaking = signal<ReadonlySet<string>>(new Set());
  const outbox = signal(openOutbox(options.next));
  const voices = signal<Voices>(new Map());
  /** Ends of `ask`, by the command object they wait for. */
  const askers = new Map<Command, (settled: Settled) => void>();

  const take = (next: OutboxStep) => {
    if (next.outbox.next !== outbox.peek().next) {
      options.keepNext(next.outbox.next);
    }
    outbox.value = next.outbox;
    next.send.forEach(options.send);
    for (const settled of next.settled) {
      drafts.value = refuseDraft(drafts.peek(), settled);
      askers.get(settled.command)?.(settled);
      askers.delete(settled.command);
    }
  };

  const ask = (command: Command): Promise<Settled> | null => {
    const next = enqueue(outbox.peek(), command);
    if (next === null) {
      return null;
    }
    const settled = new Promise<Settled>((resolve) => askers.set(command, resolve));
    take(next);
    return settled;
  };

  const say = (text: string): boolean =>
    batch(() => {
      const isTaken = ask({ kind: "say", text }) !== null;
      drafts.value = isTaken ? draft(drafts.peek(), text) : drafts.peek();
      return isTaken;
    });

  return {
    me: options.me,
    room,
    drafts,
    speaking,
    ask,
    say,
    discardDraft: (key) => (drafts.value = discard(drafts.peek(), key)),
    takeState: (text) => {
      const object = parseState(text);
      if (object !== null) {
        batch(() => {
          room.value = reduce(room.peek(), object);
          drafts.value = confirm(drafts.peek(), room.peek().chat, options.me);
        });
      }
    },
    takeInbox: (text) => {
      const object = parseInbox(text);
      if (object === null) {
        return;
      }
      batch(() => take(answer(outbox.peek(), object)));
      if (object.kind === "closed") {
        options.onClosed(object.reason);
      }
    },
    takeLevels: (levels, now) => {
      voices.value = hear(voices.peek(), levels, now);
      speaking.value = speakers(voices.peek(), now, speaking.peek());
    },
    commandsReady: () => take(restart(outbox.peek())),
    lineLost: () => (outbox.value = pause(outbox.peek())),
  };
}
