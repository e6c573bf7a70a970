/** Every face of a class finds its place, on a phone as on a wall. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces } from "../panel/links.ts";
import { initials } from "../person.tsx";
import { GAP, arrange, mostOnPage } from "./arrange.ts";
import type { Grid, Load } from "./arrange.ts";

const load = (change: Partial<Load>): Load => ({ small: 0, large: 0, content: "none", tools: 0, most: 25, share: null, isLow: false, ...change });
const widthOf = ({ columns, tileWidth }: Grid) => columns * (tileWidth + GAP) - GAP;
const heightOf = ({ columns, tileHeight }: Grid, count: number) => Math.ceil(count / columns) * (tileHeight + GAP) - GAP;
const LAPTOP = { width: 1400, height: 760 };
const PHONE = { width: 366, height: 640 };

const AREAS = [PHONE, { width: 800, height: 900 }, LAPTOP, { width: 780, height: 340 }];
const CONTENTS = ["none", "slide", "board"] as const;
const CASES = [[0, null], [1, null], [3, null], [2, 0.1], [1, 0.6]] as const;

test("tiles never stick out of the stage, whoever is large and however it is divided", () => {
  const cases = AREAS.flatMap((area) => CONTENTS.flatMap((content) => CASES.map(([large, share]) => ({ area, content, large, share }))));
  for (const { area, content, large, share } of cases) {
    for (let small = 0; small <= 40; small++) {
      const what = `${small} small, ${large} large, ${content}, ${share} in ${area.width}`;
      const made = arrange(area, load({ small, large, content, share, tools: content === "slide" ? 52 : 0 }));
      const side = { ...area, ...(made.split === "beside" ? { width: made.side } : made.split === "above" ? { height: made.side } : {}) };
      const beside = content === "none" || large === 0 ? 0 : heightOf(made.large, large) + GAP;
      const rest = made.split === "beside" ? area.width - made.side - GAP : area.width;
      assert.ok(widthOf(made.small) <= side.width + 1, what);
      assert.ok(made.pageSize === 0 || beside + heightOf(made.small, made.pageSize) <= side.height + 1, what);
      assert.ok(content !== "none" || large === 0 || (widthOf(made.large) <= rest + 1 && made.large.tileWidth > 0), what);
      assert.ok(made.pageSize <= small && (small === 0 || share !== null || made.pageSize > 0), what);
    }
  }
});

test("a class fits a laptop on one page, and a phone has four faces at a time", () => {
  const { small, pageSize } = arrange(LAPTOP, load({ small: 25 }));
  assert.equal(pageSize, 25);
  assert.ok(heightOf(small, 25) <= LAPTOP.height);
  assert.equal(arrange(LAPTOP, load({ small: 31 })).pageSize, 25);
  assert.equal(arrange(PHONE, load({ small: 31, most: 4 })).pageSize, 4);
});

test("how many faces are on a page follows the screen", () => {
  assert.equal(mostOnPage({ width: 390, height: 844 }, true), 4);
  assert.equal(mostOnPage({ width: 844, height: 390 }, true), 4);
  assert.equal(mostOnPage({ width: 820, height: 1180 }, true), 9);
  assert.equal(mostOnPage({ width: 1180, height: 820 }, true), 9);
  assert.equal(mostOnPage({ width: 1440, height: 900 }, false), 25);
});

test("what is large gets most of the stage", () => {
  const beside = arrange(LAPTOP, load({ small: 12, large: 1 }));
  assert.equal(beside.split, "beside");
  assert.ok(beside.share < 0.4);
  assert.ok(beside.large.tileWidth > 800);
  assert.equal(arrange({ width: 390, height: 640 }, load({ small: 12, large: 1 })).split, "above");
});

test("a person who divides the stage gets what they set, within bounds", () => {
  for (const [share, got] of [[0.3, 0.3], [0.01, 0.1], [0.9, 0.6]] as const) {
    const made = arrange(LAPTOP, load({ small: 12, content: "slide", share }));
    assert.ok(Math.abs(made.share - got) < 0.001, `${made.share}`);
  }
});

test("on a phone that lies what is large has all there is, but for who is pinned beside it", () => {
  const low = { width: 780, height: 340 };
  assert.equal(arrange(low, load({ small: 12, content: "slide", isLow: true })).split, "none");
  const pinned = arrange(low, load({ small: 12, large: 1, content: "slide", isLow: true }));
  assert.deepEqual([pinned.split, pinned.pageSize], ["beside", 0]);
  assert.equal(arrange(low, load({ small: 12, isLow: true, most: 4 })).pageSize, 4);
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
