/** Tests of the budget of pictures: simulated devices that decode so many, and no more. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_BUDGET, regulate } from "./budget.ts";
import type { Budget } from "./budget.ts";
import type { Load } from "./load.ts";

const CALM: Load = { decodeMs: 8, beatMs: 17 };
const TENSE: Load = { decodeMs: 240, beatMs: 40 };

/** A device that decodes `most(now)` pictures in time; gives how many moved in each second. */
function live(wanted: number, seconds: number, most: (second: number) => number): readonly { readonly moving: number; readonly budget: Budget }[] {
  let budget = NO_BUDGET;
  return Array.from({ length: seconds }, (_, second) => {
    const moving = Math.min(wanted, budget.most);
    budget = regulate(budget, moving > most(second) ? TENSE : CALM, wanted, second * 1_000);
    return { moving, budget };
  });
}

test("a device that decodes all of them has no budget", () => {
  assert.ok(live(25, 600, () => 25).every(({ moving }) => moving === 25));
});

test("a device that decodes nine of 25 comes to what it can within 20 seconds, and is seldom asked for more", () => {
  const seconds = live(25, 600, () => 9);
  assert.ok((seconds[20]?.moving ?? 25) <= 9);
  const tooMany = seconds.slice(20).filter(({ moving }) => moving > 9).length;
  assert.ok(tooMany <= 40, `${tooMany} s of 580 with too many`);
  assert.ok(seconds.slice(20).every(({ moving }) => moving >= 5), "and it is used");
});

test("when a device has time again everything moves again", () => {
  const seconds = live(25, 600, (second) => (second < 60 ? 6 : 25));
  assert.ok((seconds[59]?.moving ?? 25) <= 7);
  assert.equal(seconds.at(-1)?.moving, 25);
  assert.equal(seconds.at(-1)?.budget.most, Number.POSITIVE_INFINITY);
});

test("one bad second changes nothing, and few pictures are never taken", () => {
  const hiccups = live(25, 300, (second) => (second % 5 === 0 ? 0 : 25));
  assert.ok(hiccups.every(({ moving }) => moving === 25));
  assert.ok(live(4, 300, () => 0).every(({ moving }) => moving === 4));
  assert.ok(live(25, 300, () => 0).every(({ moving }) => moving >= 4));
});

test("drawing that comes too seldom counts as decoding does", () => {
  let budget = NO_BUDGET;
  for (const second of [0, 1]) budget = regulate(budget, { decodeMs: undefined, beatMs: 120 }, 20, second * 1_000);
  assert.equal(budget.most, 15);
});
