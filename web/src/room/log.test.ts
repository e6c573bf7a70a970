/** The log is read also by a page that does not know every act. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_INBOX, reduceInbox } from "./inbox.ts";
import { parseInbox } from "./parse.ts";

const by = { id: "a", name: "A" };
const told = (entries: readonly unknown[]) => parseInbox(JSON.stringify({ kind: "log", entries }));

test("an act of a newer room is left out, and a broken list is no list", () => {
  const known = { at: 5, act: "messageDeleted", by, whom: { id: "b", name: "B" } };
  const object = told([known, { ...known, act: "juggled" }, { ...known, act: "chatCleared", whom: null }]);
  assert.ok(object?.kind === "log");
  assert.deepEqual(object.entries, [known, { at: 5, act: "chatCleared", by, whom: null }]);
  assert.deepEqual(reduceInbox(NO_INBOX, object).log, object.entries);
  assert.equal(told([known, { ...known, by: "somebody" }]), null);
  assert.equal(parseInbox(JSON.stringify({ kind: "log" })), null);
});
