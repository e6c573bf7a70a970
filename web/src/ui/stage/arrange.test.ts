/** Every face of a class finds its place, on a phone as on a wall. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Participant } from "../../room/messages.ts";
import { pieces } from "../panel/links.ts";
import { initials } from "../person.tsx";
import { GAP, arrange } from "./arrange.ts";
import { cast } from "./order.ts";

const person = (id: string, change: Partial<Participant> = {}): Participant => ({
  id,
  name: id,
  role: "viewer",
  present: true,
  mic: false,
  cam: false,
  joinedAt: 1,
  locked: [],
  freed: [],
  ...change,
});

test("tiles never stick out of their area", () => {
  for (const area of [{ width: 366, height: 560 }, { width: 800, height: 900 }, { width: 1400, height: 780 }]) {
    for (let count = 1; count <= 40; count++) {
      for (const large of ["none", "picture", "board"] as const) {
        const { split, strip, grid } = arrange(area, count, large);
        const width = grid.columns * (grid.tileWidth + GAP) - GAP;
        assert.ok(width <= (split === "beside" ? strip : area.width) + 1, `${count} in ${area.width}`);
        assert.ok(grid.tileWidth > 0);
      }
    }
  }
});

test("thirty without a featured picture fit a laptop without scrolling", () => {
  const { grid } = arrange({ width: 1400, height: 760 }, 30, "none");
  assert.ok(Math.ceil(30 / grid.columns) * (grid.tileHeight + GAP) - GAP <= 760);
});

test("a featured picture gets most of the stage", () => {
  const { split, strip } = arrange({ width: 1400, height: 760 }, 12, "picture");
  assert.equal(split, "beside");
  assert.ok(strip < 1400 * 0.4);
  assert.equal(arrange({ width: 390, height: 640 }, 12, "picture").split, "above");
});

test("the moderator's camera is featured, one's own never", () => {
  const people = [person("t", { role: "moderator", cam: true }), person("a"), person("b", { cam: true }), person("c")];
  assert.equal(cast(people, "c").featured?.id, "t");
  assert.deepEqual(cast(people, "c").tiles.map(({ id }) => id), ["c", "b", "a"]);
  assert.equal(cast(people, "t").featured, null);
});

test("addresses become links, nothing else does", () => {
  assert.deepEqual(pieces("siehe https://example.org/a?b=1."), [
    { kind: "text", text: "siehe " },
    { kind: "link", text: "https://example.org/a?b=1", url: "https://example.org/a?b=1" },
    { kind: "text", text: "." },
  ]);
  for (const text of ["javascript:alert(1)", "<b>x</b>", "https://", "https://bank.example@evil.example/"]) {
    assert.deepEqual(pieces(text), [{ kind: "text", text }]);
  }
});

test("initials come from letters of any script", () => {
  assert.deepEqual(["Frau Beispiel", "ayla", "🙂 Ömer K.", "李 小龙", "…"].map(initials), ["FB", "A", "ÖK", "李小", ""]);
});
