/** What the administrator sees are the numbers that the server told, and refusals in words. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { askAdmin, parseOverview } from "./ask.ts";
import type { Overview } from "./ask.ts";
import { rates } from "./rates.ts";

const overview = (mediaCpuMs: number, sentBytes: number): Overview => ({ base: null, rooms: [], load: { mediaCpuMs, sentBytes, memoryBytes: null } });

const answers = async (status: number, error: string) =>
  askAdmin("secret", { kind: "look" }, async () => new Response(JSON.stringify({ error }), { status }));

test("load and what is sent are rates between two looks", () => {
  const now = { at: 4_000, overview: overview(2_300, 2_000_000) };
  const before = { at: 1_000, overview: overview(2_000, 500_000) };
  assert.deepEqual(rates([now, before]), { cpuPercent: 10, megabits: 4 });
  assert.equal(rates([now]), null);
  assert.equal(rates(null), null);
});

test("a server that was started anew has no rate yet", () => {
  assert.equal(rates([{ at: 4_000, overview: overview(10, 10) }, { at: 1_000, overview: overview(2_000, 500_000) }]), null);
});

test("what is no overview is not taken for one", () => {
  const room = { id: "a", title: "A", people: 1, most: 2, isTemporary: true, moderatorSecret: "m", viewerSecret: "v" };
  const load = { sessions: 1, mediaCpuMs: 1, sentBytes: 1, memoryBytes: null };
  assert.deepEqual(parseOverview(JSON.stringify({ base: null, rooms: [room], load })), { base: null, rooms: [room], load: { mediaCpuMs: 1, sentBytes: 1, memoryBytes: null } });
  for (const wrong of ["", "{}", JSON.stringify({ rooms: [{ ...room, people: -1 }], load }), JSON.stringify({ rooms: [room], load: {} })]) {
    assert.equal(parseOverview(wrong), null, wrong);
  }
});

test("each refusal is told as what it is", async () => {
  assert.equal(await answers(403, "linkInvalid"), "secret");
  assert.equal(await answers(404, "notFound"), "missing");
  assert.equal(await answers(409, "roomFull"), "full");
  assert.equal(await answers(409, "inUse"), "inUse");
  assert.equal(await answers(422, "nameInvalid"), "name");
  assert.equal(await answers(429, "tooMany"), "tooMany");
  assert.equal(await answers(500, "fault"), "unreachable");
});
