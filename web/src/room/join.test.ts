/** Every answer of the server, and none at all, ends in words a person can use. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING } from "./consent.ts";
import { join } from "./join.ts";
import { parseLink } from "./link.ts";
import { dropSeat, keepSeat, readSeat } from "./seat.ts";

const REQUEST = { room: "demo", secret: "s", name: "Ayla", agreed: NOTHING, texts: null };

const ADMISSION = {
  room: "demo",
  title: "Demo",
  participant: "0011223344556677",
  name: "Ayla",
  role: "viewer",
  most: { seen: true, heard: true, read: false },
  token: "t",
  resume: "r",
  relay: { path: "/moqt", certificateHashes: ["aGFzaA=="] },
};

const answering = (status: number, body: unknown): typeof fetch => async () =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), { status });

test("an admission is taken as it is", async () => {
  assert.deepEqual(await join(REQUEST, { post: answering(200, ADMISSION) }), { kind: "joined", admission: ADMISSION });
});

test("each refusal keeps its code", async () => {
  for (const [status, code] of [[403, "linkInvalid"], [403, "resumeExpired"], [403, "lessonEnded"], [409, "roomFull"], [422, "nameInvalid"], [400, "malformed"]] as const) {
    assert.deepEqual(await join(REQUEST, { post: answering(status, { error: code }) }), { kind: "failed", failure: { code } });
  }
  const ended = await join(REQUEST, { post: answering(403, { error: "lessonEnded", receipt: "secret" }) });
  assert.deepEqual(ended, { kind: "failed", failure: { code: "lessonEnded", receipt: "secret" } });
  const busy = await join(REQUEST, { post: answering(429, { error: "tooMany", retryAfterMs: 7_000 }) });
  assert.deepEqual(busy, { kind: "failed", failure: { code: "tooMany", retryAfterMs: 7_000 } });
});

test("a proxy's page and a broken admission are not taken for ours", async () => {
  for (const [status, body] of [[200, "<html>"], [502, "Bad Gateway"], [200, { ...ADMISSION, role: "king" }], [200, { ...ADMISSION, relay: { path: "//evil" , certificateHashes: 1 } }]] as const) {
    assert.deepEqual(await join(REQUEST, { post: answering(status, body) }), { kind: "failed", failure: { code: "unexpected", status } });
  }
});

test("no answer is a lack of connection", async () => {
  const outcome = await join(REQUEST, { post: () => Promise.reject(new TypeError("Failed to fetch")) });
  assert.deepEqual(outcome, { kind: "failed", failure: { code: "unreachable" } });
});

test("links are read, cut ones are told from none", () => {
  assert.deepEqual(parseLink("#demo/geheim-1_x"), { room: "demo", secret: "geheim-1_x" });
  assert.equal(parseLink(""), null);
  assert.equal(parseLink("#"), null);
  for (const fragment of ["#demo", "#demo/", "#De mo/x", "#demo/x/y", "#demo/<b>"]) {
    assert.equal(parseLink(fragment), "broken");
  }
});

test("a seat comes back in its own room only, and a broken one not at all", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const seat = { room: "demo", participant: "a", name: "Ayla", resume: "r", next: 7 };
  keepSeat(storage, seat);
  assert.deepEqual(readSeat(storage, "demo"), seat);
  assert.equal(readSeat(storage, "other"), null);
  kept.forEach((_, key) => kept.set(key, "{"));
  assert.equal(readSeat(storage, "demo"), null);
  dropSeat(storage);
  assert.equal(kept.size, 0);
});
