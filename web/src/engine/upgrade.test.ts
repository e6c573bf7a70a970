/** When a better way is looked for. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { upgrading } from "./upgrade.ts";

const SECOND = 1_000;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Looks each second for as long as a lesson; answers the seconds at which something was tried. */
function clock(isMoved = false) {
  let now = 0;
  const tried: number[] = [];
  const upgrade = upgrading(() => now, async () => {
    tried.push(now / SECOND);
    return isMoved;
  });
  const pass = async (seconds: number): Promise<void> => {
    for (let count = 0; count < seconds; count += 1) {
      now += SECOND;
      upgrade.tick();
      await settled();
    }
  };
  return { upgrade, tried, pass };
}

test("patience grows with each time in vain", async () => {
  const { upgrade, tried, pass } = clock();
  upgrade.opened("webSocket", false);
  await pass(700);
  assert.deepEqual(tried, [20, 60, 140, 300, 620]);
});

test("a school day has fewer tries than a browser allows", async () => {
  const { upgrade, tried, pass } = clock();
  upgrade.opened("webSocket", false);
  await pass(8 * 3_600);
  assert.ok(tried.length < 64, String(tried.length));
});

test("a way that is being dialled is tried at once, and when it brings nothing that costs no patience", async () => {
  const { upgrade, tried, pass } = clock();
  upgrade.opened("webTransport", true);
  upgrade.opened("webSocket", true);
  await pass(139);
  assert.deepEqual(tried, [0, 20, 60]);
});

test("another network is tried at once", async () => {
  const { upgrade, tried, pass } = clock();
  upgrade.opened("webSocket", false);
  await pass(150);
  upgrade.hurry();
  await pass(1);
  assert.equal(tried.at(-1), 151);
});

test("nothing is tried on the better way, without a session, or while it rests", async () => {
  const { upgrade, tried, pass } = clock();
  upgrade.opened("webTransport", false);
  await pass(100);
  upgrade.opened("webSocket", false);
  upgrade.closed();
  await pass(100);
  upgrade.opened("webSocket", false);
  upgrade.rest(600 * SECOND);
  await pass(599);
  assert.deepEqual(tried, []);
  await pass(1);
  assert.equal(tried.length, 1);
});
