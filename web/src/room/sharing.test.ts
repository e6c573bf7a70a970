/** Which screen stands on the stage, and that nothing odd from outside does. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Participant } from "./messages.ts";
import { NOTHING_SHARED, parseSharing, screenOnStage, screensIn } from "./sharing.ts";

const person = (id: string): Participant => ({ id, name: id, role: "viewer", present: true, mic: false, cam: false, joinedAt: 0, locked: [], freed: [] });
const company = new Map(["a", "b"].map((id) => [id, person(id)]));

test("the newest screen of those who are here has the stage", () => {
  const sharing = { screens: ["a", "b", "elsewhere"], onStage: true };
  assert.deepEqual(screensIn(sharing, company), ["a", "b"]);
  assert.equal(screenOnStage(sharing, company, true), "b");
  assert.equal(screenOnStage({ screens: ["elsewhere"], onStage: true }, company, false), null);
});

test("what was shown after it has the stage as long as it is there", () => {
  const sharing = { screens: ["a"], onStage: false };
  assert.equal(screenOnStage(sharing, company, true), null);
  assert.equal(screenOnStage(sharing, company, false), "a");
  assert.equal(screenOnStage(NOTHING_SHARED, company, false), null);
});

test("what is no list of people is read as nobody", () => {
  for (const odd of [undefined, null, 7, "a", {}, { screens: "a" }, { screens: [1] }, { screens: [null], onStage: true }]) {
    assert.deepEqual(parseSharing(odd), NOTHING_SHARED);
  }
  assert.deepEqual(parseSharing({ screens: ["a"], onStage: true }), { screens: ["a"], onStage: true });
});
