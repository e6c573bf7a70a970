/** The line comes back by itself, without a storm, and stops when it must. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ticket } from "../engine/messages.ts";
import { driveLine } from "./drive.ts";
import type { LineWorld } from "./drive.ts";
import type { JoinFailure } from "./join.ts";

const TICKET: Ticket = { url: "https://localhost/moqt", socketUrl: "wss://localhost/moqt", likely: undefined, certificateHashes: [], token: "t", room: "demo", participant: "a" };

type Answer = { readonly ticket: Ticket } | { readonly failure: JoinFailure };

/** A world whose clock the test turns; requests stay open until the test answers them. */
function createWorld() {
  let now = 0;
  let timers: { readonly due: number; readonly wake: () => void }[] = [];
  const log: string[] = [];
  const asks: ((answer: Answer) => void)[] = [];
  const patience: (number | undefined)[] = [];
  const world: LineWorld = {
    now: () => now,
    draw: () => 0.5,
    after: (ms, wake) => {
      const timer = { due: now + ms, wake };
      timers.push(timer);
      return () => (timers = timers.filter((other) => other !== timer));
    },
    askTicket: (withinMs) => {
      log.push("ask");
      patience.push(withinMs);
      return new Promise((resolve) => asks.push(resolve));
    },
    open: () => log.push("open"),
    close: () => log.push("close"),
  };
  return {
    world,
    log,
    patience,
    timers: () => timers.length,
    reply: async (answer: Answer) => {
      asks.splice(0).forEach((resolve) => resolve(answer));
      await Promise.resolve();
      await Promise.resolve();
    },
    advance: (ms: number) => {
      const until = now + ms;
      for (;;) {
        const next = timers.filter(({ due }) => due <= until).toSorted((a, b) => a.due - b.due)[0];
        if (next === undefined) {
          break;
        }
        timers = timers.filter((timer) => timer !== next);
        now = next.due;
        next.wake();
      }
      now = until;
    },
  };
}

const lost = { state: "lost", reason: "timeout" } as const;

function openLine() {
  const clock = createWorld();
  const line = driveLine(TICKET, clock.world);
  line.report({ state: "open", carrier: "webTransport" });
  return { ...clock, line };
}

test("a lost line asks for a fresh ticket and opens again", async () => {
  const { line, log, advance, reply } = openLine();
  line.report(lost);
  assert.equal(line.line.value.state, "waiting");
  advance(300);
  await reply({ ticket: TICKET });
  line.report({ state: "open", carrier: "webTransport" });
  assert.deepEqual(log, ["open", "ask", "open"]);
  assert.equal(line.line.value.state, "open");
});

test("what was asked while nothing got through is soon asked anew, and on a slow line not too soon", async () => {
  const { line, patience, advance, reply } = openLine();
  line.report(lost);
  for (const _ of [1, 2, 3, 4]) {
    advance(8_000);
    await reply({ failure: { code: "unreachable" } });
  }
  assert.deepEqual(patience, [2_000, 4_000, 8_000, 8_000]);
});

test("at most one dial is in flight", async () => {
  const { line, log, advance, reply } = openLine();
  line.report(lost);
  line.report(lost);
  line.hurry();
  line.hurry();
  line.report(lost);
  advance(60_000);
  assert.deepEqual(log, ["open", "ask"]);
  await reply({ ticket: TICKET });
  assert.deepEqual(log, ["open", "ask", "open"]);
});

test("pauses grow from 0.3 s to at most 8 s", async () => {
  const { line, advance, reply, world } = openLine();
  line.report(lost);
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 10; attempt++) {
    const state = line.line.value;
    assert.ok(state.state === "waiting");
    pauses.push(state.until - world.now());
    advance(state.until - world.now());
    await reply({ failure: { code: "unreachable" } });
  }
  assert.ok(pauses.every((pause, index) => pause >= 300 && pause <= 8_000 && pause >= (pauses[index - 1] ?? 0)));
  assert.equal(pauses.at(-1), 6_000);
});

test("the banner comes after 1.5 s away, not with each blink", async () => {
  const { line, advance, reply } = openLine();
  line.report(lost);
  advance(1_499);
  assert.equal(line.isLate.value, false);
  advance(1);
  assert.equal(line.isLate.value, true);
  await reply({ ticket: TICKET });
  assert.equal(line.isLate.value, true);
  line.report({ state: "open", carrier: "webTransport" });
  assert.equal(line.isLate.value, false);
});

test("a dial nobody answers is given up and tried again", () => {
  const clock = createWorld();
  const line = driveLine(TICKET, clock.world);
  clock.advance(15_000);
  assert.equal(line.line.value.state, "waiting");
  clock.advance(600);
  assert.deepEqual(clock.log, ["open", "ask"]);
});

test("a refused line is over, an expired token is not", () => {
  const first = openLine();
  first.line.report({ state: "refused", code: 0x18, reason: "expired" });
  assert.equal(first.line.line.value.state, "waiting");
  const second = openLine();
  second.line.report({ state: "refused", code: 0x2, reason: "unauthorized" });
  assert.equal(second.line.line.value.state, "over");
  second.advance(60_000);
  assert.deepEqual(second.log, ["open", "close"]);
});

test("a seat that cannot be had again ends the line, a busy server does not", async () => {
  const { line, advance, reply, log } = openLine();
  line.report(lost);
  advance(300);
  await reply({ failure: { code: "tooMany", retryAfterMs: 20_000 } });
  advance(19_999);
  assert.equal(log.filter((entry) => entry === "ask").length, 1);
  advance(1);
  await reply({ failure: { code: "resumeExpired" } });
  const state = line.line.value;
  assert.ok(state.state === "over" && state.end.why === "expired");
});

test("whoever led a lesson and comes back after its end gets its receipt", async () => {
  const { line, advance, reply } = openLine();
  line.report(lost);
  advance(300);
  await reply({ failure: { code: "lessonEnded", receipt: "secret" } });
  assert.deepEqual(line.line.value, { state: "over", end: { why: "ended", receipt: "secret" } });
});

test("whoever leaves is not dialled back in and leaves no timer", () => {
  const { line, log, timers, advance } = openLine();
  line.report(lost);
  line.end({ why: "left" });
  line.report(lost);
  advance(60_000);
  assert.deepEqual(log, ["open", "close"]);
  assert.equal(timers(), 0);
});
