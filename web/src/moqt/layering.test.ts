/** What layering asks of a session: switching tracks, subgroups of a group, groups on demand, refusals. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { SentMessage } from "./control.ts";
import { ParameterType } from "./parameters.ts";
import { opened, subscribeTo, type Relay, type Talk } from "./relay-end.ts";
import { subgroupDecoder } from "./subgroup.ts";
import type { Offering, Publication, ReceivedObject, Session } from "./types.ts";

const none = new Map<number, never>();
const payload = Uint8Array.of(1);
const HEIGHT = 0x4d53_0002;
const ok: SentMessage = { kind: "requestOk", parameters: none };
const subscribeOk: SentMessage = { kind: "subscribeOk", alias: 1, parameters: none, properties: none };

async function published(offer: Partial<Exclude<ReturnType<Offering>, undefined>> = {}) {
  const { session, relay } = await opened();
  const publications: Publication[] = [];
  const start = (publication: Publication): void => void publications.push(publication);
  session.announce(["demo", "me"], () => ({ priority: 160, start, ...offer }));
  await (await relay.nextRequest()).next();
  const request = await relay.ask(subscribeTo("cam/mid", 1));
  return { session, relay, publications, request };
}

/** The height that a request or its update asks for. */
async function heightOf(request: Talk): Promise<unknown> {
  const message = await request.next();
  return typeof message === "object" && "parameters" in message ? message.parameters.get(HEIGHT) : message;
}

test("a relay that switches says so in SETUP, another one does not", async () => {
  for (const [options, has] of [[[[0x4d53_0004, 1]], true], [[[0x4d53_0004, 0]], false], [[], false]] as const) {
    const { session } = await opened(options);
    assert.equal(session.hasSwitchingTracks, has);
    session.close(0, "");
  }
});

async function subscribed(): Promise<{ session: Session; relay: Relay; request: Talk; set: (pixels: number) => void; ended: Promise<unknown> }> {
  const { session, relay } = await opened([[0x4d53_0004, 1]]);
  const options = { priority: 128, pictureHeightMax: 180 };
  const subscription = session.subscribe(["demo", "a"], "cam", options, { onObject: () => undefined });
  const request = await relay.nextRequest();
  return { session, relay, request, set: subscription.setPictureHeightMax, ended: subscription.ended };
}

test("the height of a tile travels with the request, and its changes in updates", async () => {
  const { session, request, set } = await subscribed();
  assert.equal(await heightOf(request), 180);
  // Before the answer only the newest counts.
  set(240);
  set(360);
  await request.send(subscribeOk);
  assert.equal(await heightOf(request), 360);
  set(720);
  assert.equal(await heightOf(request), 720);
  await request.send(ok);
  await request.send(ok);
  set(0);
  assert.equal(await heightOf(request), 0);
  session.close(0, "");
});

test("an answer that was not asked for is a violation", async () => {
  const { session, request, set } = await subscribed();
  await request.next();
  await request.send(subscribeOk);
  set(360);
  await request.next();
  await request.send(ok);
  await request.send(ok);
  assert.equal((await session.closed).code, 0x3);
});

test("an update that is refused ends the subscription, not the session", async () => {
  const { session, request, set, ended } = await subscribed();
  await request.next();
  await request.send(subscribeOk);
  set(360);
  await request.next();
  await request.send({ kind: "requestError", code: 3, retryAfterMs: undefined, reason: "" });
  await request.send({ kind: "publishDone", code: 8, streamCount: 0, reason: "" });
  assert.deepEqual(await ended, { kind: "done", code: 8 });
  session.close(0, "");
});

test("subgroups of one group are streams of their own, with the IDs they were given", async () => {
  const { session, relay, publications, request } = await published();
  await request.next();
  const [base, top] = [0, 2].map((subgroup) => publications[0]?.openSubgroup(7, subgroup));
  base?.write(payload, none, 0);
  top?.write(payload, none, 1);
  top?.write(payload, none, 3);
  base?.write(payload, none, 4);
  const objects: ReceivedObject[] = [];
  for (let i = 0; i < 2; i += 1) {
    const read = await relay.nextData();
    const decoder = subgroupDecoder({ onHeader: () => undefined, onObject: (object) => void objects.push(object) });
    while (objects.length < 2 * (i + 1)) {
      const chunk = await read();
      assert.ok(typeof chunk === "object");
      decoder.push(chunk);
    }
  }
  assert.deepEqual(objects.map(({ group, subgroup, object }) => [group, subgroup, object]), [
    [7, 0, 0], [7, 0, 4], [7, 2, 1], [7, 2, 3],
  ]);
  // The largest object, not the newest write.
  await request.send({ kind: "requestUpdate", requestId: 3, parameters: none });
  const answer = await request.next();
  assert.ok(typeof answer === "object" && answer.kind === "requestOk");
  assert.deepEqual(answer.parameters.get(ParameterType.largestObject), { group: 7, object: 4 });
  session.close(0, "");
});

test("a new group can be asked for, once for each that begins", async () => {
  const { session, publications, request } = await published({ hasDynamicGroups: true });
  const answer = await request.next();
  assert.ok(typeof answer === "object" && answer.kind === "subscribeOk");
  assert.equal(answer.properties.get(0x30), 1);
  const [publication] = publications;
  publication?.openSubgroup(7, 0);
  const ask = async (group: number, requestId: number): Promise<void> => {
    await request.send({ kind: "requestUpdate", requestId, parameters: new Map([[ParameterType.newGroupRequest, group]]) });
    await request.next();
  };
  await ask(7, 3);
  assert.equal(publication?.wantsGroup, false);
  await ask(8, 5);
  assert.equal(publication?.wantsGroup, true);
  publication?.openSubgroup(7, 1);
  assert.equal(publication?.wantsGroup, true);
  publication?.openSubgroup(9, 0);
  assert.equal(publication?.wantsGroup, false);
  await ask(0, 7);
  assert.equal(publication?.wantsGroup, true);
  session.close(0, "");
});

test("a track that the line has no room for says when to come back", async () => {
  const { session, relay } = await opened();
  session.announce(["demo", "me"], () => ({ retryAfterMs: 4_000 }));
  await (await relay.nextRequest()).next();
  const request = await relay.ask(subscribeTo("cam/high", 1));
  assert.deepEqual(await request.next(), { kind: "requestError", code: 0x9, retryAfterMs: 4_000, reason: "" });
  session.close(0, "");
});

test("a track that is given up says why", async () => {
  const { session, publications, request } = await published();
  await request.next();
  publications[0]?.end(0x9);
  assert.deepEqual(await request.next(), { kind: "publishDone", code: 0x9, streamCount: 0, reason: "" });
  session.close(0, "");
});
