/** When a line is held to lose packets. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_LOSSES, noted, type Losses } from "./losses.ts";

/** A line that sends 60 packets a second, of which so many are lost in each second. */
function after(...lost: number[]): Losses {
  let counts = { sent: 0, lost: 0 };
  let state = noted(NO_LOSSES, counts);
  for (const each of lost) {
    counts = { sent: counts.sent + 60, lost: counts.lost + each };
    state = noted(state, counts);
  }
  return state;
}
const none = (seconds: number): number[] => Array.from({ length: seconds }, () => 0);

test("a line that loses nothing, or one packet now and then, is well", () => {
  assert.equal(NO_LOSSES.isLossy, false);
  assert.equal(after(...none(30)).isLossy, false);
  assert.equal(after(1, ...none(12), 1, ...none(12), 1).isLossy, false);
});

test("a line that loses one packet in fifty is lossy within seconds", () => {
  assert.equal(after(...none(10), 1, 1).isLossy, false);
  assert.equal(after(...none(10), 1, 1, 1, 1, 1, 1).isLossy, true);
});

test("a lossy line is well again when nothing was lost for ten seconds, not before", () => {
  assert.equal(after(3, 3, 3, ...none(9)).isLossy, true);
  assert.equal(after(3, 3, 3, ...none(10)).isLossy, false);
});

test("what was counted long ago is forgotten", () => {
  assert.ok(after(...none(100)).counted.length <= 11);
});
