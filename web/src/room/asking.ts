/** What is asked of the room: numbered, sent again until it is answered, and whoever asked is told. */

import { signal } from "@preact/signals";
import { answer, enqueue, openOutbox, pause, restart } from "./commands.ts";
import type { OutboxStep, Settled } from "./commands.ts";
import type { Command, InboxObject } from "./messages.ts";

export interface AskingOptions {
  /** Number of the first new command. */
  readonly next: number;
  /** Writes one object on the `commands` track. */
  readonly send: (text: string) => void;
  /** Called whenever the number of the next command changes. */
  readonly keepNext: (next: number) => void;
  readonly onSettled: (settled: Settled) => void;
}

export interface Asking {
  /** Resolves with the answer; null when too many commands wait already. */
  ask(command: Command): Promise<Settled> | null;
  takeAnswer(object: InboxObject): void;
  ready(): void;
  lost(): void;
}

export function createAsking(options: AskingOptions): Asking {
  const outbox = signal(openOutbox(options.next));
  /** Ends of `ask`, by the command object they wait for. */
  const askers = new Map<Command, (settled: Settled) => void>();

  const take = (next: OutboxStep) => {
    if (next.outbox.next !== outbox.peek().next) {
      options.keepNext(next.outbox.next);
    }
    outbox.value = next.outbox;
    next.send.forEach(options.send);
    for (const settled of next.settled) {
      options.onSettled(settled);
      askers.get(settled.command)?.(settled);
      askers.delete(settled.command);
    }
  };

  return {
    ask: (command) => {
      const next = enqueue(outbox.peek(), command);
      if (next === null) {
        return null;
      }
      const settled = new Promise<Settled>((resolve) => askers.set(command, resolve));
      take(next);
      return settled;
    },
    takeAnswer: (object) => take(answer(outbox.peek(), object)),
    ready: () => take(restart(outbox.peek())),
    lost: () => (outbox.value = pause(outbox.peek())),
  };
}
