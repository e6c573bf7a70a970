/** Nobody is taken to agree who did not say so, and the room learns of every change once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import { EVERYTHING, NOTHING, askTerms, keepStated, parseTerms, readStated, within } from "./consent.ts";
import type { Stated } from "./consent.ts";
import type { LineState } from "./line.ts";
import type { Agreed } from "./messages.ts";
import { createStore } from "./store.ts";
import { tellConsent } from "./tell-consent.ts";

const WORDS = { intro: "a", seen: "b", heard: "c", read: "d" };
const TERMS = { texts: { version: "2026-09", de: WORDS, en: WORDS }, most: { seen: false, heard: true, read: true }, attendanceDays: 2 };
const ALL: Agreed = { seen: true, heard: true, read: true };

function memory() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

test("nothing is agreed to that was not stated in this tab for this room", () => {
  const storage = memory();
  assert.deepEqual(readStated(storage, "demo"), { agreed: NOTHING, texts: null });
  keepStated(storage, "demo", { agreed: ALL, texts: "1" });
  assert.deepEqual(readStated(storage, "demo"), { agreed: ALL, texts: "1" });
  assert.deepEqual(readStated(storage, "other"), { agreed: NOTHING, texts: null });
  storage.setItem("mosaik.consent", '{"room":"demo","agreed":{"seen":true}}');
  assert.deepEqual(readStated(storage, "demo"), { agreed: NOTHING, texts: null });
  assert.deepEqual(within(EVERYTHING, TERMS.most), TERMS.most);
});

test("texts are taken whole or not at all", async () => {
  assert.deepEqual(parseTerms(JSON.stringify(TERMS)), { ...TERMS.texts, most: TERMS.most, attendanceDays: 2 });
  for (const broken of ["", "{}", JSON.stringify({ ...TERMS, most: { seen: 1 } }), JSON.stringify({ ...TERMS, texts: { ...TERMS.texts, en: null } })]) {
    assert.equal(parseTerms(broken), null, broken);
  }
  assert.equal(await askTerms("demo", "s", async () => new Response("", { status: 502 })), null);
  assert.equal(await askTerms("demo", "s", async () => Promise.reject(new Error("offline"))), null);
});

function room(agreed: Agreed, most: Agreed) {
  const sent: { readonly command: unknown }[] = [];
  const store = createStore({ me: "me", next: 1, send: (text) => sent.push(JSON.parse(text)), keepNext: () => undefined, onClosed: () => undefined });
  const says = (object: unknown) => store.takeInbox(JSON.stringify(object), 0);
  const door = { place: "inside", notice: null, waiting: [] };
  const consents = [{ id: "me", consent: { agreed, most, texts: null } }];
  says({ kind: "snapshot", at: 1, acknowledged: 0, refused: [], messages: [], votes: [], counts: [], door, consents });
  store.commandsReady();
  return { store, sent, says };
}

test("the room is told of each change once, and never more than it takes", () => {
  const { store, sent, says } = room(NOTHING, TERMS.most);
  const stated = signal<Stated>({ agreed: NOTHING, texts: null });
  const line = signal({ state: "open" } as LineState);
  const stop = tellConsent(store, line, stated);
  assert.equal(sent.length, 0);
  stated.value = { agreed: ALL, texts: "1" };
  assert.deepEqual(sent.at(-1)?.command, { kind: "consent", agreed: TERMS.most, texts: "1" });
  says({ kind: "consent", of: { id: "me", consent: { agreed: TERMS.most, most: TERMS.most, texts: "1" } } });
  says({ kind: "acknowledged", number: 1 });
  assert.equal(sent.length, 1);
  stated.value = { agreed: NOTHING, texts: "1" };
  assert.deepEqual(sent.at(-1)?.command, { kind: "consent", agreed: NOTHING, texts: "1" });
  assert.equal(sent.length, 2);
  stop();
});
