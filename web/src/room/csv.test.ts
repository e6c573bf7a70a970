/** What somebody wrote as their name does nothing in a teacher's spreadsheet. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { csv, localTime, minutes } from "./csv.ts";
import { NO_INBOX, reduceInbox } from "./inbox.ts";
import { parseInbox } from "./parse.ts";

test("a name that is a formula is text", () => {
  for (const name of ["=1+1", "+49", "-1", "@SUM(A1)", "  =1", "\t=1", "＝1"]) {
    const [row] = csv([[name, "x"]]).slice(1).split("\r\n");
    assert.ok(row?.replace(/^"/, "").startsWith("'"), JSON.stringify(row));
  }
  assert.equal(csv([["Ayla", "Müller-Lüdenscheidt"]]), "\uFEFFAyla;Müller-Lüdenscheidt\r\n");
});

test("a name stays in its cell", () => {
  assert.equal(csv([['a;b"c', "d\ne"]]), '\uFEFF"a;b""c";"d\ne"\r\n');
  assert.equal(csv([['=HYPERLINK("x";"y")']]), `\uFEFF"'=HYPERLINK(""x"";""y"")"\r\n`);
});

test("times and minutes are such as spreadsheets read", () => {
  assert.equal(localTime(new Date(2026, 10, 9, 8, 5).getTime()), "2026-11-09 08:05");
  assert.deepEqual([minutes(90_000, ","), minutes(0, "."), minutes(2_700_000, ",")], ["1,5", "0.0", "45,0"]);
});

test("attendance comes whole or not at all, and stays over a reconnect", () => {
  const person = { id: "a", name: "A", role: "viewer", cameAt: 1, leftAt: null, hereMs: 2, lineMs: 3, absentMs: 4 };
  const object = parseInbox(JSON.stringify({ kind: "attendance", at: 9, people: [person] }));
  assert.deepEqual(object, { kind: "attendance", at: 9, people: [person] });
  assert.equal(parseInbox(JSON.stringify({ kind: "attendance", at: 9, people: [person, { ...person, hereMs: "long" }] })), null);
  assert.ok(object !== null);
  const known = reduceInbox(NO_INBOX, object);
  const again = reduceInbox(known, { kind: "snapshot", at: 10, acknowledged: 1, refused: [], messages: [], votes: [], counts: [], consents: [], door: { place: "inside", notice: null, waiting: [] }, uploads: [], line: null, lines: [], asides: [] });
  assert.deepEqual(again.attendance, { at: 9, people: [person] });
});
