/** Speech to its subscribers: once, and once more with the next object where packets get lost. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Publication } from "../../moqt/types.ts";
import { createDatagramListener } from "./datagram-listener.ts";
import { createFanOut } from "./fan-out.ts";

const PAYLOAD = new Uint8Array(80);

interface Wire {
  readonly publication: Publication;
  readonly seen: string[];
  isLossy: boolean;
  endedWith: number | "end" | undefined;
}

function wire(): Wire {
  const it: Wire = {
    seen: [],
    isLossy: false,
    endedWith: undefined,
    publication: {
      track: "mic",
      ended: new Promise(() => undefined),
      wantsGroup: false,
      openSubgroup: () => assert.fail("speech on a stream"),
      sendDatagram: ({ group, object }) => void it.seen.push(`${group}:${object}`),
      get isLossy() {
        return it.isLossy;
      },
      end(code) {
        it.endedWith = code ?? "end";
      },
    },
  };
  return it;
}

/** A fan-out that has begun a group with one subscriber. */
function speaking() {
  const fan = createFanOut(createDatagramListener, () => undefined);
  const first = wire();
  fan.add(first.publication);
  assert.equal(fan.wantsGroup(), true);
  fan.beginGroup(100);
  const say = (count: number): void => {
    for (let spoken = 0; spoken < count; spoken += 1) fan.write(PAYLOAD, new Map());
  };
  return { fan, first, say };
}

test("each object is sent once where nothing gets lost", () => {
  const { fan, first, say } = speaking();
  say(2);
  fan.beginGroup(200);
  say(1);
  assert.deepEqual(first.seen, ["100:0", "100:1", "200:0"]);
  assert.equal(fan.queuedMs(), 0);
});

test("where packets get lost each is sent again with the next one, also over the end of a group", () => {
  const { fan, first, say } = speaking();
  say(2);
  first.isLossy = true;
  say(1);
  fan.beginGroup(200);
  say(1);
  first.isLossy = false;
  say(1);
  assert.deepEqual(first.seen, ["100:0", "100:1", "100:1", "100:2", "100:2", "200:0", "200:1"]);
});

test("a second session begins with a group, and the first goes on beside it", () => {
  const { fan, first, say } = speaking();
  say(1);
  const second = wire();
  fan.add(second.publication);
  say(1);
  assert.equal(fan.wantsGroup(), true);
  fan.beginGroup(200);
  assert.equal(fan.wantsGroup(), false);
  say(1);
  assert.deepEqual([first.seen, second.seen], [["100:0", "100:1", "200:0"], ["200:0"]]);
});

test("a microphone that is turned off ends the track", () => {
  const { fan, first } = speaking();
  fan.end();
  assert.equal(first.endedWith, "end");
});
