/** What is written on slides keeps its place, and whatever is sent is text of a bounded size. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { anything, assert as check, property, string } from "fast-check";
import { decodeRuns, encodeRuns } from "./runs.ts";
import type { Run } from "./runs.ts";

const run = (text: string, left = 10, endsLine = false): Run => ({ text, place: { left, top: 20, width: 300, height: 40 }, endsLine });

test("pieces of text come where they were, and read as lines", () => {
  const runs = [run("Rot ", 10), run("ist warm", 60, true), { ...run("quer"), place: null }];
  const words = decodeRuns(encodeRuns(runs, 20_000));
  assert.deepEqual(words, { text: "Rot ist warm\nquer", runs });
});

test("what is too long ends behind the last piece that fits", () => {
  const many = Array.from({ length: 900 }, (_, index) => run(`Grüße ${index} `));
  const sent = encodeRuns(many, 5_000);
  assert.ok(new TextEncoder().encode(sent).length <= 5_000);
  const { runs } = decodeRuns(sent);
  assert.ok(runs.length > 50 && runs.length < 900);
  assert.deepEqual(runs, many.slice(0, runs.length));
  assert.equal(encodeRuns([], 100), "");
});

test("plain text is text, and nonsense is nowhere on the page", () => {
  assert.deepEqual(decodeRuns("Blau ist das Meer"), { text: "Blau ist das Meer", runs: [] });
  assert.deepEqual(decodeRuns('[["a",1,2,0,4],["b",1e9,2,3,4],["c",null,2,3,4],7,[8],["d"]]').runs.map(({ text, place }) => [text, place]), ["a", "b", "c", "d"].map((text) => [text, null]));
});

const isBounded = (sent: string) => {
  const { text, runs } = decodeRuns(sent);
  assert.ok(text.length <= 20_000 && runs.length <= 1_500);
};

test("whatever is sent is bounded", () => {
  check(property(string(), isBounded));
  check(property(anything(), (value) => isBounded(JSON.stringify(value) ?? "")));
  isBounded(JSON.stringify(Array.from({ length: 5_000 }, () => ["x".repeat(100), 1, 1, 1, 1])));
  isBounded("x".repeat(100_000));
});
