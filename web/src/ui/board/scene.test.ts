/** What of a board is painted anew, and what is only added to. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Painted } from "./paint.ts";
import { createScene } from "./scene.ts";

const LOW = "p00AAEE";
const MIDDLE = "p11AAEE";
const HIGH = "p22AAEE";

const written = (all: readonly Painted[]): string[] => all.map((shape) => shape.written);

/** A board and what its painter is told. */
function board(...shapes: [string, string][]) {
  const shown = new Map(shapes);
  const told: (string | string[])[] = [];
  const scene = createScene({
    shown,
    now: () => 0,
    onDirty: (box) => told.push(box === null ? "all" : "some"),
    onTop: (shape) => told.push(written([shape])),
    onBelow: (all) => told.push(written(all)),
  });
  scene.change(null);
  return {
    told,
    become(...next: [string, string][]) {
      shown.clear();
      for (const [id, shape] of next) shown.set(id, shape);
      scene.change(null);
    },
  };
}

test("what comes below all that is there is added to it, the highest first", () => {
  const { told, become } = board(["c", HIGH]);
  become(["a", LOW], ["b", MIDDLE], ["c", HIGH]);
  become(["a", LOW], ["b", MIDDLE], ["c", HIGH]);
  assert.deepEqual(told, ["all", [MIDDLE, LOW]], "and what is the same is not painted again");
});

test("what comes between others, is gone, or is another one is painted with all the rest", () => {
  const others: [string, string][][] = [
    [["a", LOW], ["b", MIDDLE], ["c", HIGH]],
    [["c", HIGH]],
    [["a", LOW], ["c", MIDDLE]],
    [["c", HIGH], ["a", LOW]],
    [],
  ];
  for (const next of others) {
    const { told, become } = board(["a", LOW], ["c", HIGH]);
    become(...next);
    assert.deepEqual(told, ["all", "all"], JSON.stringify(next));
  }
});
