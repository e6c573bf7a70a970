/** Uploads as the room reads them: in order, again from where it is, and nothing that it has. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { latch } from "../net/deadline.ts";
import type { Publication, SubgroupWriter, TrackOffer } from "../moqt/types.ts";
import { createUploads } from "./uploads.ts";

interface Written {
  readonly group: number;
  readonly object: number;
  readonly length: number;
}

/** Someone who subscribes and takes everything, or stops the first stream after so many objects. */
function listener(stopsAfter = Infinity) {
  const written: Written[] = [];
  const { promise: ended, resolve: end } = latch<void>();
  let streams = 0;
  const openSubgroup = (group: number): SubgroupWriter => {
    const isFirst = streams++ === 0;
    const isOpen = (): boolean => !isFirst || written.length < stopsAfter;
    let next = 0;
    return {
      queuedBytes: 0,
      get isOpen() {
        return isOpen();
      },
      isDrained: true,
      write(payload, _properties, object = next) {
        if (!isOpen()) return;
        written.push({ group, object, length: payload.length });
        next = object + 1;
      },
      finish: () => undefined,
      reset: () => undefined,
    };
  };
  const publication: Publication = { track: "upload/7", ended, wantsGroup: false, openSubgroup, sendDatagram: () => undefined, isLossy: false, end: () => end() };
  return { publication, written, end };
}

const piece = (length: number) => ({ head: "{}", body: new Blob([new Uint8Array(length)]) });
const KB64 = 64 * 1024;

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!holds()) {
    assert.ok(Date.now() < deadline, "nothing more was written");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function offerOf(uploads: ReturnType<typeof createUploads>): TrackOffer {
  const offer = uploads.offer("upload/7");
  assert.ok(offer !== undefined);
  return offer;
}

test("pieces go in order, in objects of one size behind their heads", async () => {
  const uploads = createUploads();
  uploads.add(7, [piece(KB64 + 10)]);
  const { publication, written, end } = listener();
  offerOf(uploads).start(publication);
  uploads.add(7, [piece(5)]);
  await until(() => written.length === 3);
  uploads.has(7, { group: 1, object: 0 });
  await until(() => written.length === 5);
  end();
  assert.deepEqual(written, [
    { group: 0, object: 0, length: 2 },
    { group: 0, object: 1, length: KB64 },
    { group: 0, object: 2, length: 10 },
    { group: 1, object: 0, length: 2 },
    { group: 1, object: 1, length: 5 },
  ]);
});

test("after a lost line it goes on where the room is", async () => {
  const uploads = createUploads();
  uploads.add(7, [piece(10), piece(2 * KB64)]);
  uploads.has(7, { group: 1, object: 2 });
  const { publication, written, end } = listener();
  offerOf(uploads).start(publication);
  await until(() => written.length === 1);
  end();
  assert.deepEqual(written, [{ group: 1, object: 2, length: KB64 }]);
});

test("a piece whose stream was stopped goes on where the room is", async () => {
  const uploads = createUploads();
  uploads.add(7, [piece(3 * KB64)]);
  const { publication, written, end } = listener(3);
  offerOf(uploads).start(publication);
  await until(() => written.length === 3);
  uploads.has(7, { group: 0, object: 2 });
  await until(() => written.length === 5);
  end();
  assert.deepEqual(written.map(({ object }) => object), [0, 1, 2, 2, 3]);
});

test("what is over is offered to nobody", () => {
  const uploads = createUploads();
  uploads.add(7, [piece(10)]);
  uploads.end(7);
  assert.equal(uploads.offer("upload/7"), undefined);
  assert.equal(uploads.offer("upload/8"), undefined);
});
