/** Links into the room: what the server tells of them and what it refuses. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { EVERYTHING } from "./consent.ts";
import { addressOf, askLinks, parseLinks } from "./links.ts";

const CLASS = { id: null, name: null, secret: "abc", most: EVERYTHING, endsInMs: null };
const KIM = { id: "00ff", name: "Kim", secret: "def", most: { seen: false, heard: true, read: true }, endsInMs: 1_000 };

test("links are read as they are told, and nothing of an answer that is none", () => {
  assert.deepEqual(parseLinks(JSON.stringify({ links: [CLASS, KIM] })), [CLASS, KIM]);
  assert.equal(parseLinks(JSON.stringify({ links: [{ id: "00ff" }] })), null);
  assert.equal(parseLinks("<html>"), null);
  assert.equal(addressOf("https://school.example", "demo", CLASS), "https://school.example/#demo/abc");
});

const refuse = async () => new Response(JSON.stringify({ error: "notAllowed" }), { status: 403 });
const fail = async () => {
  throw new TypeError("offline");
};

test("a refusal and a silence give nothing", async () => {
  assert.equal(await askLinks("demo", "r", { kind: "list" }, refuse), null);
  assert.equal(await askLinks("demo", "r", { kind: "list" }, fail), null);
});
