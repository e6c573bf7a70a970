/** What is packed comes as it was and in its order, and nothing fills the memory. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { UNPACKED_BYTES_MAX, unpack, unpacking } from "./unpack.ts";

const plain = (text: string) => new TextEncoder().encode(text);
const packed = (text: string) => Uint8Array.from([1, ...deflateRawSync(text)]);

test("objects come in their order, packed or not", async () => {
  const texts = ['{"first":1}', `{"long":"${"x".repeat(300_000)}"}`, '{"last":3}'];
  const seen: string[] = [];
  await new Promise<void>((resolve) => {
    const take = unpacking((text) => {
      seen.push(text);
      if (seen.length === 5) resolve();
    }, assert.fail);
    take(plain('{"before":0}'));
    assert.equal(seen.length, 1, "what waits for nothing comes at once");
    take(packed(texts[0] ?? ""));
    take(packed(texts[1] ?? ""));
    take(plain(texts[2] ?? ""));
    take(packed('{"end":4}'));
  });
  assert.deepEqual(seen, ['{"before":0}', ...texts, '{"end":4}']);
});

test("a broken one is told, and what follows it comes", async () => {
  const seen: string[] = [];
  await new Promise<void>((resolve) => {
    const take = unpacking((text) => {
      seen.push(text);
      resolve();
    }, () => seen.push("broken"));
    take(Uint8Array.from([1, 255, 255, 255]));
    take(plain("{}"));
  });
  assert.deepEqual(seen, ["broken", "{}"]);
});

test("what unpacks to more than a board holds is refused", async () => {
  const bomb = Uint8Array.from(deflateRawSync(Buffer.alloc(UNPACKED_BYTES_MAX * 20)));
  assert.ok(bomb.length < 100_000);
  assert.equal(await unpack(bomb), null);
});
