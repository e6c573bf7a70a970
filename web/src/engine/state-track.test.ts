/** Whether somebody may read the room's state, as the room changes its mind. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { RequestEnd } from "../moqt/types.ts";
import { followState } from "./state-track.ts";

const REFUSED: RequestEnd = { kind: "refused", code: 1, retryAfterMs: undefined };
const FORBIDDEN: RequestEnd = { kind: "done", code: 1 };

function room() {
  const asked: string[] = [];
  const broken: RequestEnd[] = [];
  const ends: ((end: RequestEnd) => void)[] = [];
  const followed = followState(
    (track) => {
      asked.push(track);
      return new Promise((resolve) => ends.push(resolve));
    },
    (end) => broken.push(end),
  );
  const end = async (how: RequestEnd) => {
    ends.at(-1)?.(how);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { asked, broken, end, followed };
}

test("whoever may not know names any more reads the other track, and comes back", async () => {
  const { asked, broken, end } = room();
  await end(FORBIDDEN);
  await end(FORBIDDEN);
  assert.deepEqual(asked, ["state", "state/viewers", "state"]);
  assert.deepEqual(broken, []);
  await end({ kind: "sessionClosed" });
});

test("whoever waits asks again as soon as they hear that they are in", async () => {
  const { asked, end, followed } = room();
  await end(REFUSED);
  await end(REFUSED);
  assert.equal(asked.length, 2, "nothing is asked while nothing is heard");
  followed.askAgain();
  assert.equal(asked.at(-1), "state");
  // What is heard while an answer is under way is not lost.
  await end(REFUSED);
  followed.askAgain();
  await end(REFUSED);
  assert.equal(asked.length, 5);
  await end({ kind: "sessionClosed" });
});

test("any other end is told", async () => {
  const { broken, end } = room();
  await end({ kind: "done", code: 2 });
  assert.deepEqual(broken, [{ kind: "done", code: 2 }]);
});
