/** Nobody's tile jumps away from under a finger, and nobody who wants to speak is on a page that is not seen. */

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { order } from "./order.ts";
import type { Attention, SeenPage } from "./order.ts";

const NAMES = [..."abcdefghijklmnopqrstuvwxyz"];
const quiet = (change: Partial<Attention> = {}): Attention => ({ me: "m", screens: [], hands: [], speaking: new Set(), ...change });
const seen = (change: Partial<SeenPage> = {}): SeenPage => ({ index: 0, size: 4, held: null, ...change });
const text = (ids: readonly string[]) => ids.join("");
const people = NAMES.slice(0, 13);

test("oneself is first, then hands as they were raised, then who speaks, then all by name", () => {
  const attention = quiet({ hands: ["k", "b"], speaking: new Set(["i"]) });
  assert.equal(text(order([], people, attention, seen({ size: 6 }))), "mkbiacdefghjl");
});

test("a screen that is shared comes before all but oneself", () => {
  assert.equal(text(order([], people, quiet({ screens: ["l"], hands: ["k"] }), seen())), "mlkabcdefghij");
});

test("who speaks takes the place of the last one who need not be seen, and keeps it afterwards", () => {
  const first = order([], people, quiet(), seen());
  assert.equal(text(first), "mabcdefghijkl");
  const second = order(first, people, quiet({ speaking: new Set(["k"]) }), seen());
  assert.equal(text(second.slice(0, 4)), "mabk");
  const third = order(second, people, quiet({ speaking: new Set(["f"]) }), seen());
  assert.equal(text(third.slice(0, 4)), "mabf");
  assert.equal(text(order(third, people, quiet(), seen())), text(third));
  assert.equal(text(third.slice(4)), "cdeghijkl", "what is not seen is by name");
});

test("who is on the page already does not move when a hand goes up", () => {
  const before = order([], people, quiet(), seen());
  assert.equal(text(order(before, people, quiet({ hands: ["c"] }), seen())), text(before));
});

test("a tile under the pointer stays, whoever speaks", () => {
  const before = order([], people, quiet(), seen());
  const after = order(before, people, quiet({ speaking: new Set(["k"]) }), seen({ held: "c" }));
  assert.equal(text(after.slice(0, 4)), "makc");
});

test("another page that is looked at stays as it is, and the first one has who speaks when one comes back", () => {
  const before = order([], people, quiet(), seen());
  const turned = order(before, people, quiet({ speaking: new Set(["k"]) }), seen({ index: 1 }));
  assert.equal(text(turned.slice(4, 8)), text(before.slice(4, 8)));
  assert.ok(turned.slice(0, 4).includes("k"));
});

test("who goes leaves the place to one newcomer, and nobody else moves", () => {
  const before = order([], people, quiet(), seen());
  const after = order(before, people.filter((id) => id !== "a"), quiet(), seen());
  assert.equal(text(after.slice(0, 4)), "mdbc");
});

test("a page that fills takes newcomers where their name belongs, but not while somebody points at it", () => {
  const few = ["a", "e", "m"];
  const before = order([], few, quiet(), seen());
  assert.equal(text(order(before, ["a", "c", "e", "m"], quiet(), seen())), "mace");
  assert.equal(text(order(before, ["a", "c", "e", "m"], quiet(), seen({ held: "e" }))), "maec");
});

const some = fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 26 }).map((ids) => ids.toSorted());
const moment = fc.record({
  people: some,
  hands: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 6 }),
  speaking: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 3 }),
  held: fc.option(fc.constantFrom(...NAMES)),
});

test("in any lesson everyone has one tile, nothing moves that need not, and saying the same again changes nothing", () => {
  fc.assert(
    fc.property(fc.array(moment, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 9 }), fc.nat({ max: 3 }), (moments, size, wanted) => {
      let before: readonly string[] = [];
      for (const { people: here, hands, speaking, held } of moments) {
        const index = Math.min(wanted, Math.ceil(here.length / size) - 1);
        const attention = quiet({ hands, speaking: new Set(speaking) });
        const page = seen({ index, size, held });
        const after = order(before, here, attention, page);
        assert.deepEqual(after.toSorted(), here);
        assert.deepEqual(order(after, here, attention, page), after);
        const called = ["m", ...hands, ...here.filter((id) => speaking.includes(id))];
        const musts = [...new Set(called)].filter((id) => here.includes(id)).slice(0, size);
        const first = after.slice(0, size);
        if (index === 0 && (held === null || musts.includes(held))) assert.ok(musts.every((id) => first.includes(id)), `${musts} on ${first}`);
        const old = before.slice(index * size, (index + 1) * size);
        // A page that is not full any more gives its last ones to the holes before it.
        const isFull = old.length === size && here.length >= (index + 1) * size && old.every((id) => here.includes(id)) && (index > 0 || old[0] === "m" || !here.includes("m"));
        const moved = old.filter((id, at) => after[index * size + at] !== id);
        const comers = index > 0 ? 0 : new Set(musts.filter((id) => !old.includes(id))).size;
        if (isFull) assert.ok(moved.length <= comers, `${old} became ${after}`);
        if (isFull && held !== null && old.includes(held)) assert.ok(!moved.includes(held));
        before = after;
      }
    }),
  );
});
