/** Who is large: the teacher, who speaks, or whoever somebody pinned. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Participant } from "../../room/messages.ts";
import { cast, spotlightOf } from "./cast.ts";
import type { Casting } from "./cast.ts";
import { NO_CHOICE, layoutOf, pick, settle } from "./layout.ts";
import { PINS_MAX, keepPins, recallPins, togglePin } from "./pins.ts";

const person = (id: string, change: Partial<Participant> = {}): Participant => ({
  id,
  name: id,
  role: "viewer",
  present: true,
  mic: true,
  cam: false,
  joinedAt: 1,
  locked: [],
  freed: [],
  ...change,
});
const people = [person("t", { role: "moderator", cam: true }), person("a"), person("b", { cam: true }), person("c")];
const casting = (change: Partial<Casting>): Casting => ({ layout: "presentation", me: "c", pins: [], spotlight: null, hasContent: false, ...change });
const large = (change: Partial<Casting>) => cast(people, casting(change)).large.map(({ id }) => id);

test("the teacher's camera is large where nothing is shown, one's own never", () => {
  assert.deepEqual(large({}), ["t"]);
  assert.deepEqual(large({ me: "t" }), []);
  assert.deepEqual(large({ hasContent: true }), []);
});

test("who is pinned is large in every layout with pictures, beside whoever else is", () => {
  const pins = ["b", "gone"];
  assert.deepEqual(large({ pins }), ["t", "b"]);
  assert.deepEqual(large({ pins, hasContent: true }), ["b"]);
  assert.deepEqual(large({ pins, layout: "gallery" }), ["b"]);
  assert.deepEqual(large({ pins, layout: "speaker", spotlight: "a" }), ["a", "b"]);
  assert.deepEqual(large({ pins, layout: "speaker", spotlight: "b" }), ["b"]);
  assert.deepEqual(large({ pins, layout: "audio" }), []);
});

test("everyone is on the stage once", () => {
  const { large: some, small } = cast(people, casting({ pins: ["b"] }));
  assert.deepEqual([...some, ...small].map(({ id }) => id).toSorted(), ["a", "b", "c", "t"]);
});

const after = (before: string | null, ...speaking: string[]) => spotlightOf(before, people, "c", new Set(speaking));

test("the large place follows who speaks, and cuts nobody off", () => {
  assert.equal(after(null), "t", "before anybody speaks it is the teacher's");
  assert.equal(after("t", "b"), "b");
  assert.equal(after("b", "t", "b"), "b");
  assert.equal(after("b"), "b", "who spoke last stays through the pause");
  assert.equal(after("t", "a"), "t", "a picture does not give way to initials");
  assert.equal(after("t", "c"), "t", "nobody watches themself");
  assert.equal(after("gone", "a"), "a");
  assert.equal(spotlightOf(null, [person("c")], "c", new Set()), null);
});

const room = { forAll: null, isShowing: false, isModerator: false };

test("what is shown is large by itself, and gives the stage back", () => {
  assert.equal(layoutOf(NO_CHOICE, { ...room, isModerator: true }), "gallery");
  const speaker = pick(NO_CHOICE, "speaker", room);
  assert.equal(layoutOf(speaker, room), "speaker");
  const shown = { ...room, isShowing: true };
  assert.equal(layoutOf(speaker, shown), "presentation");
  const other = pick(speaker, "gallery", shown);
  assert.equal(layoutOf(settle(other, shown), shown), "gallery", "unless the person chose");
  assert.equal(layoutOf(settle(other, room), room), "speaker");
});

test("a layout for all holds until a person leaves it, and again when it changes", () => {
  const all = { ...room, forAll: "speaker" } as const;
  const own = pick(NO_CHOICE, "gallery", room);
  assert.equal(layoutOf(own, all), "speaker");
  const left = settle(pick(own, "gallery", all), all);
  assert.equal(layoutOf(left, all), "gallery");
  const next = { ...room, forAll: "presentation" } as const;
  assert.equal(layoutOf(settle(left, next), next), "presentation");
  assert.equal(layoutOf(pick(left, null, all), all), "speaker", "who chooses nothing follows");
});

test("what begins to be shown is seen in spite of an older layout for all, and a newer one holds", () => {
  const all = { ...room, forAll: "gallery" } as const;
  const shown = { ...all, isShowing: true };
  const watching = settle(settle(NO_CHOICE, all), shown);
  assert.equal(layoutOf(watching, shown), "presentation");
  const newer = { ...shown, forAll: "speaker" } as const;
  assert.equal(layoutOf(settle(watching, newer), newer), "speaker");
  assert.equal(layoutOf(settle(watching, all), all), "gallery");
  assert.equal(settle(watching, shown), watching, "nothing has changed");
});

test("who wants sound alone has it whatever others want, until they choose again", () => {
  const audio = pick(NO_CHOICE, "audio", room);
  const busy = { forAll: "gallery", isShowing: true, isModerator: false } as const;
  assert.equal(layoutOf(settle(audio, busy), busy), "audio");
  const back = settle(pick(audio, "presentation", busy), busy);
  assert.equal(layoutOf(back, busy), "presentation");
});

const forbidden = () => {
  throw new Error("a private window");
};

test("pins come back after a reload of the same room, and are never too many", () => {
  const kept = new Map<string, string>();
  const storage = () => ({ getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) });
  let pins: readonly string[] = [];
  for (let number = 0; number < PINS_MAX + 2; number++) pins = togglePin(pins, `p${number}`);
  assert.deepEqual([pins.length, pins[0]], [PINS_MAX, "p2"]);
  keepPins("demo", togglePin(pins, "p3"), storage);
  assert.ok(!recallPins("demo", storage).includes("p3"));
  assert.deepEqual(recallPins("other", storage), []);
  assert.deepEqual(recallPins("demo", forbidden), []);
});
