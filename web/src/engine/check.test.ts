/** What a line carries is told from how long some bytes took. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ratesOf } from "./check.ts";

const BYTES = { up: 48 * 1024, down: 64 * 1024 };

test("the way there and back is not taken for a slow line", () => {
  const { up, down } = ratesOf({ requestStart: 0, responseStart: 493.216, responseEnd: 1_017.504 }, BYTES, 100);
  assert.ok(Math.abs(up - 1_000_000) < 1, String(up));
  assert.ok(Math.abs(down - 1_000_000) < 1, String(down));
});

test("a line that is faster than the clock tells has some speed", () => {
  const { up, down } = ratesOf({ requestStart: 5, responseStart: 5, responseEnd: 5 }, BYTES, 3);
  assert.ok(Number.isFinite(up) && up > 100_000_000);
  assert.ok(Number.isFinite(down) && down > 100_000_000);
});
