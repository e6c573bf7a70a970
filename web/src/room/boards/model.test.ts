/** What we draw shows at once, what the room says holds, and nothing is there twice. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { BoardOp } from "../messages.ts";
import { createModel } from "./model.ts";
import type { BoardModel } from "./model.ts";
import { parseBoard } from "./parse-board.ts";
import type { KeptShape } from "./parse-board.ts";
import { decodeShape } from "./shape.ts";
import { merged } from "./sender.ts";
import { createHistory, inverseOf } from "./undo.ts";

const ME = "00000000000000aa";
const OTHER = "00000000000000bb";
const put = (id: string, shape: string): BoardOp => ({ kind: "put", id, shape });
const remove = (id: string): BoardOp => ({ kind: "remove", id });
const extend = (id: string, at: number, points: string): BoardOp => ({ kind: "extend", id, at, points });
const [mine, theirs] = [`${ME}.1`, `${OTHER}.1`];

/** A snapshot of one part. */
function begin(model: BoardModel, revision: number, shapes: readonly KeptShape[]): void {
  model.take({ kind: "snapshot", revision, parts: [`0.${revision}`] });
  model.take({ kind: "shapes", part: `0.${revision}`, shapes });
}

function known() {
  const changes: (string | null)[] = [];
  const model = createModel({ me: ME, onChange: (id) => changes.push(id) });
  begin(model, 5, [[theirs, "p00AA"]]);
  return { model, changes, shown: () => Object.fromEntries(model.shown) };
}

test("a stroke of ours shows while it is on its way, and once when the room says it", () => {
  const { model, shown } = known();
  const drawn = [model.draw([put(mine, "p00AA")]), model.draw([extend(mine, 5, "CC")])];
  assert.deepEqual(shown(), { [theirs]: "p00AA", [mine]: "p00AACC" });
  const ops = merged([put(mine, "p00AA"), extend(mine, 5, "CC")]);
  assert.deepEqual(ops, [put(mine, "p00AACC")]);
  const sent = model.send(drawn, ops);
  model.draw([extend(mine, 7, "EE")]);
  model.take({ kind: "ops", revision: 6, by: ME, ops });
  assert.equal(shown()[mine], "p00AACCEE");
  model.settle(sent);
  assert.equal(shown()[mine], "p00AACCEE");
});

test("what the room refuses is gone", () => {
  const { model, shown, changes } = known();
  const drawn = model.draw([put(mine, "p00AA"), remove(theirs)]);
  assert.deepEqual(shown(), { [mine]: "p00AA" });
  model.settle(model.send([drawn], drawn.ops));
  assert.deepEqual(shown(), { [theirs]: "p00AA" });
  assert.deepEqual(changes, [null, mine, theirs, mine, theirs]);
});

test("a snapshot in the middle loses nothing of ours and brings nothing twice", () => {
  const { model, shown } = known();
  const drawn = model.draw([put(mine, "p00AA")]);
  const sent = model.send([drawn], drawn.ops);
  model.draw([extend(mine, 5, "CC")]);
  begin(model, 6, [[mine, "p00AA"]]);
  assert.deepEqual(shown(), { [mine]: "p00AACC" });
  // What came by another session already.
  model.take({ kind: "ops", revision: 6, by: OTHER, ops: [remove(mine)] });
  begin(model, 4, []);
  model.settle(sent);
  assert.deepEqual(shown(), { [mine]: "p00AACC" });
  assert.equal(model.nextNumber(), 2, "a number of ours is used once");
});

test("the highest is who came last by the room's order", () => {
  const { model } = known();
  const drawn = model.draw([put(mine, "p00AA")]);
  model.send([drawn], drawn.ops);
  model.take({ kind: "ops", revision: 6, by: OTHER, ops: [put(`${OTHER}.2`, "p00CC")] });
  model.take({ kind: "ops", revision: 7, by: ME, ops: drawn.ops });
  assert.deepEqual([...model.shown.keys()], [theirs, `${OTHER}.2`, mine]);
});

test("undo gives back what was there, and redo what was done", () => {
  const { model, shown } = known();
  const history = createHistory(() => undefined);
  const perform = (ops: readonly BoardOp[]) => {
    const inverse = inverseOf(ops, model.shown);
    model.draw(ops);
    return inverse;
  };
  history.note(perform([put(mine, "p00AA")]));
  history.note(perform([{ kind: "place", id: mine, x: 3, y: 4 }]));
  history.note(perform([remove(mine), remove(theirs)]));
  assert.deepEqual(shown(), {});
  history.undo(perform);
  assert.deepEqual(shown(), { [theirs]: "p00AA", [mine]: "p00GI" });
  history.undo(perform);
  assert.equal(shown()[mine], "p00AA");
  history.redo(perform);
  assert.equal(shown()[mine], "p00GI");
  history.undo(perform);
  history.undo(perform);
  assert.deepEqual(shown(), { [theirs]: "p00AA" });
  assert.ok(!history.canUndo() && history.canRedo());
});

test("what is undone lies where it lay, also of several and step by step", () => {
  const { model } = known();
  const ids = [1, 2, 3, 4].map((number) => `${ME}.${number}`);
  model.draw(ids.map((id) => put(id, "p00AA")));
  const order = () => [...model.shown.keys()];
  const before = order();
  const perform = (ops: readonly BoardOp[]) => {
    const inverse = inverseOf(ops, model.shown);
    model.draw(ops);
    return inverse;
  };
  const [first = "", second = "", third = ""] = ids;
  const undone = perform([remove(second), remove(third)]);
  const later = perform([remove(first)]);
  assert.equal(order().length, 2);
  perform(later);
  perform(undone);
  assert.deepEqual(order(), before);
  const steps: BoardOp[] = [];
  for (const id of [first, second, third]) steps.unshift(...perform([remove(id)]));
  perform(steps);
  assert.deepEqual(order(), before, "an eraser takes one after the other");
});

test("a snapshot is seen while it comes, and drawn on when it is whole", () => {
  const seen: string[][] = [];
  const model = createModel({ me: ME, onChange: () => seen.push([...model.shown.values()]) });
  const part = (name: string, shape: string) => model.take({ kind: "shapes", part: name, shapes: [[`${OTHER}.${shape}`, shape]] });
  model.take({ kind: "snapshot", revision: 3, parts: ["2.3", "1.1", "0.2"] });
  part("2.3", "high");
  assert.ok(!model.isKnown());
  part("1.0", "of another snapshot");
  part("1.1", "middle");
  part("1.1", "middle again");
  part("0.2", "low");
  assert.ok(model.isKnown());
  assert.deepEqual(seen, [["high"], ["middle", "high"], ["low", "middle", "high"]]);
  // The next one, of whose parts two are the same, comes by two sessions at a time.
  model.take({ kind: "snapshot", revision: 4, parts: ["2.4", "1.1"] });
  part("1.1", "middle");
  model.take({ kind: "snapshot", revision: 4, parts: ["2.4", "1.1"] });
  part("2.4", "higher");
  assert.deepEqual([...model.shown.values()], ["middle", "higher"]);
  assert.equal(seen.length, 4, "what is there already does not go before all of the new is");
  model.take({ kind: "snapshot", revision: 5, parts: [] });
  assert.equal(model.shown.size, 0);
});

test("a large page is seen in sketches until its parts are there", () => {
  const seen: string[][] = [];
  const model = createModel({ me: ME, onChange: () => seen.push([...model.shown.values()]) });
  const take = (kind: "shapes" | "sketch", part: string, shape: string) => model.take({ kind, part, shapes: [[`${kind} ${shape}`, shape]] });
  model.take({ kind: "snapshot", revision: 3, parts: ["2.3", "1.1", "0.2"] });
  take("shapes", "2.3", "high");
  take("sketch", "1.1", "about middle");
  take("sketch", "0.0", "of another snapshot");
  take("sketch", "0.2", "about low");
  assert.ok(!model.isKnown(), "nobody draws between sketches");
  take("shapes", "1.1", "middle");
  take("sketch", "1.1", "about middle, late");
  take("shapes", "0.2", "low");
  const looks = [["high"], ["about middle", "high"], ["about low", "about middle", "high"], ["low", "middle", "high"]];
  assert.deepEqual(seen, looks);
  assert.ok(model.isKnown());
  model.take({ kind: "snapshot", revision: 4, parts: ["2.3", "0.4"] });
  take("shapes", "2.3", "high");
  take("shapes", "0.4", "other");
  assert.deepEqual(seen.at(-1), ["other", "high"], "no sketch is left");
});

test("a sketch is read as shapes, and half a sketch is none", () => {
  const sketch = { kind: "sketch", part: [2, 3], heads: "p00l21", counts: "GE", starts: "kDKlDL", steps: "KAKKAC", texts: ["t10AA Größe"] };
  const object = parseBoard(JSON.stringify(sketch));
  assert.ok(object?.kind === "sketch");
  const [stroke, line, text] = object.shapes.map(([, shape]) => decodeShape(shape));
  assert.deepEqual(stroke?.points, [[1_600, 160], [1_760, 160], [1_920, 320]]);
  assert.deepEqual([line?.kind, line?.colour, line?.width, line?.points], ["line", 2, 1, [[0, 0], [0, 32]]]);
  assert.deepEqual([text?.kind, text?.words], ["text", "Größe"]);
  assert.equal(new Set(object.shapes.map(([id]) => id)).size, 3);
  for (const broken of [{ steps: "U_" }, { starts: 1 }, { texts: [1] }, { part: 2 }]) assert.equal(parseBoard(JSON.stringify({ ...sketch, ...broken })), null);
});

test("objects of a board are read, and what is broken is not", () => {
  const shapes = { kind: "shapes", part: [2, 3], authors: [ME, OTHER], shapes: [[1, 4, "p00AA"], [7, 1, "p00AA"], [0, 2, "e10AACC"]] };
  assert.deepEqual(parseBoard(JSON.stringify(shapes)), { kind: "shapes", part: "2.3", shapes: [[`${OTHER}.4`, "p00AA"], [`${ME}.2`, "e10AACC"]] });
  assert.deepEqual(parseBoard('{"kind":"snapshot","revision":3,"parts":[[2,3],[0,1]]}'), { kind: "snapshot", revision: 3, parts: ["2.3", "0.1"] });
  const ops = { kind: "ops", revision: 4, by: ME, ops: [put(mine, "p00AA"), { kind: "fly", id: mine }, extend(mine, 5, "A")] };
  assert.deepEqual(parseBoard(JSON.stringify(ops)), { ...ops, ops: [put(mine, "p00AA"), extend(mine, 5, "A")] });
  const below: BoardOp = { kind: "put", id: mine, shape: "p00AA", below: theirs };
  assert.deepEqual(parseBoard(JSON.stringify({ ...ops, ops: [below] })), { ...ops, ops: [below] });
  assert.deepEqual(parseBoard(JSON.stringify({ kind: "pointed", by: ME, at: [1, 2] })), { kind: "pointed", by: ME, at: [1, 2] });
  for (const bad of ["", "{}", '{"kind":"ops","by":"a","ops":[]}', '{"kind":"snapshot","revision":1}']) assert.equal(parseBoard(bad), null, bad);
});
