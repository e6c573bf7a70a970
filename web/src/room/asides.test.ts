/** Who would like to talk aside, as the inbox tells it; and the boards of groups. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_INBOX, reduceInbox } from "./inbox.ts";
import { parseInbox } from "./parse.ts";
import { boards } from "./parse-boards.ts";

const read = (object: unknown) => parseInbox(JSON.stringify(object));
const wish = (id: string) => ({ id, since: 1_795_000_000_000 });
const change = (of: unknown) => read({ kind: "aside", change: of });

test("wishes come with a snapshot and one by one, each once, and go", () => {
  const door = { place: "inside", notice: null, waiting: [] };
  const snapshot = read({ kind: "snapshot", at: 1, acknowledged: 0, refused: [], messages: [], votes: [], counts: [], door, asides: [wish("a"), "b"] });
  const wished = change({ kind: "wished", wish: wish("b") });
  const gone = change({ kind: "gone", id: "a" });
  assert.ok(snapshot && wished && gone);
  assert.deepEqual([snapshot, wished, wished].reduce(reduceInbox, NO_INBOX).asides, [wish("a"), wish("b")]);
  assert.deepEqual([snapshot, wished, gone, gone].reduce(reduceInbox, NO_INBOX).asides, [wish("b")]);
  assert.deepEqual([wished, snapshot].reduce(reduceInbox, NO_INBOX).asides, [wish("a")]);
  assert.equal(change({ kind: "wished", wish: { id: "a" } }), null);
  assert.equal(change({ kind: "dreamt", id: "a" }), null);
});

test("groups whose board is shown are numbers, and a page says which group drew it", () => {
  const page = { id: "page/1", from: null, group: 2 };
  assert.deepEqual(boards({ pages: [page], shown: null, own: "none", groups: [4] }), { pages: [page], shown: null, own: "none", groups: [4] });
  assert.deepEqual(boards({ pages: [{ id: "page/1", from: null }], shown: null, own: "none", groups: ["4"] }).groups, []);
  assert.equal(boards({ pages: [{ id: "page/1", from: null }] }).pages[0]?.group, null);
});
