/** What is kept of the way to the relay, and for how long. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { keepCarrier, recallCarrier } from "./carrier.ts";

const NOON = 1_795_000_000_000;
const HOUR = 60 * 60 * 1_000;

function storage(): () => Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return () => ({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) });
}

const forbidden = (): never => {
  throw new DOMException("no storage here", "SecurityError");
};

test("the next lesson of the day begins with the way that was good", () => {
  const open = storage();
  assert.equal(recallCarrier(open, NOON), undefined);
  keepCarrier(open, "webSocket", NOON);
  assert.equal(recallCarrier(open, NOON + HOUR), "webSocket");
  keepCarrier(open, "webTransport", NOON + HOUR);
  assert.equal(recallCarrier(open, NOON + 2 * HOUR), "webTransport");
});

test("what blocked UDP is not held against it for ever", () => {
  const open = storage();
  keepCarrier(open, "webSocket", NOON);
  assert.equal(recallCarrier(open, NOON + 25 * HOUR), undefined);
  assert.equal(recallCarrier(open, NOON - 25 * HOUR), undefined);
});

test("what someone else wrote there is not believed", () => {
  for (const text of ["", "{", "[]", '{"carrier":"pigeon","until":1e15}', '{"carrier":"webSocket"}']) {
    assert.equal(recallCarrier(() => ({ getItem: () => text, setItem: () => undefined }), NOON), undefined);
  }
});

test("where nothing may be kept both ways are tried", () => {
  keepCarrier(forbidden, "webSocket", NOON);
  assert.equal(recallCarrier(forbidden, NOON), undefined);
});
