/** Tests of a line of captions that is typed. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { breakLine, createCaptionLine } from "./line.ts";
import type { Caption } from "./line.ts";

test("what is typed fast is told some times a second, and a whole line at once", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const told: Caption[] = [];
  const line = createCaptionLine((caption) => told.push(caption));
  for (const text of ["G", "Gu", "Gut"]) line.type(text);
  mock.timers.tick(300);
  assert.deepEqual(told, [{ text: "Gut", done: false }]);
  line.type("Guten");
  line.end();
  mock.timers.tick(1_000);
  assert.deepEqual(told.slice(1), [{ text: "Guten", done: true }]);
  line.end();
  assert.equal(told.length, 2, "there is no line to end");
  mock.timers.reset();
});

test("a line that is deleted is told so", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const told: Caption[] = [];
  const line = createCaptionLine((caption) => told.push(caption));
  line.type("falsch");
  mock.timers.tick(300);
  line.type("");
  mock.timers.tick(300);
  assert.deepEqual(told.at(-1), { text: "", done: false });
  mock.timers.reset();
});

test("long lines break at words, and nothing of them is lost", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const told: Caption[] = [];
  const line = createCaptionLine((caption) => told.push(caption));
  const words = Array.from({ length: 60 }, (_, at) => `Wort${at}`).join(" ");
  let field = "";
  for (const character of words) field = line.type(field + character);
  line.end();
  const whole = told.filter(({ done }) => done).map(({ text }) => text);
  assert.equal(whole.join(" "), words);
  assert.ok(whole.every((text) => text.length <= 84), "each fits two lines of a screen");
  mock.timers.reset();
});

test("a word without an end is broken where the room's bound is", () => {
  assert.equal(breakLine("ü".repeat(200)), null);
  assert.deepEqual(breakLine("ü".repeat(201)), { line: "ü".repeat(200), rest: "ü" });
  assert.equal(breakLine("kurz"), null);
});
