/** Drives the line: the clock, the request for a ticket and the engine behind `line.ts`. */

import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { Line, Ticket } from "../engine/messages.ts";
import type { JoinFailure } from "./join.ts";
import { BANNER_AFTER_MS, deadline, dial, step } from "./line.ts";
import type { LineEnd, LineInput, LineState, LineStep } from "./line.ts";

/** The outer world of a line; tests bring their own. */
export interface LineWorld {
  now(): number;
  draw(): number;
  /** Calls `wake` once after `ms`; the answer forgets it. */
  after(ms: number, wake: () => void): () => void;
  /** Has an answer within `withinMs`, or within what a first visit has. */
  askTicket(withinMs?: number): Promise<{ readonly ticket: Ticket } | { readonly failure: JoinFailure }>;
  open(ticket: Ticket): void;
  close(): void;
}

export interface DrivenLine {
  readonly line: ReadonlySignal<LineState>;
  /** True once the line has been away for longer than a blink. */
  readonly isLate: ReadonlySignal<boolean>;
  report(line: Line): void;
  hurry(): void;
  end(end: LineEnd): void;
}

const nothing = () => {};

export function driveLine(ticket: Ticket, world: LineWorld): DrivenLine {
  const first = dial(ticket, world.now());
  const line = signal<LineState>(first.line);
  const isLate = signal(false);
  let forgetDeadline = nothing;
  let forgetBanner = nothing;

  // `peek`: whoever calls from an effect must not come to depend on the line.
  const take = (input: LineInput) => enter(step(line.peek(), input, { now: world.now(), draw: world.draw() }));

  const askTicket = async (withinMs: number) => {
    const answer = await world.askTicket(withinMs);
    take("ticket" in answer ? { kind: "ticket", ticket: answer.ticket } : { kind: "noTicket", failure: answer.failure });
  };

  const enter = (next: LineStep) => {
    line.value = next.line;
    forgetDeadline();
    forgetBanner();
    const due = deadline(next.line);
    forgetDeadline = due === null ? nothing : world.after(due - world.now(), () => take({ kind: "time" }));
    watchBanner(next.line);
    for (const effect of next.effects) {
      if (effect.kind === "open") {
        world.open(effect.ticket);
      } else if (effect.kind === "close") {
        world.close();
      } else {
        void askTicket(effect.withinMs);
      }
    }
  };

  const watchBanner = (state: LineState) => {
    if (state.state === "open" || state.state === "over") {
      isLate.value = false;
      forgetBanner = nothing;
      return;
    }
    const left = state.since + BANNER_AFTER_MS - world.now();
    isLate.value = left <= 0;
    forgetBanner = left <= 0 ? nothing : world.after(left, () => (isLate.value = true));
  };

  enter(first);
  return {
    line,
    isLate,
    report: (report) => take({ kind: "line", line: report }),
    hurry: () => take({ kind: "hurry" }),
    end: (end) => take({ kind: "end", end }),
  };
}
