/** Groups to subscribers: everyone can start, nobody gets half a group, the stuck are cut off. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Publication, SubgroupWriter } from "../../moqt/types.ts";
import { createFanOut } from "./fan-out.ts";
import { onStreams } from "./listener.ts";

/** 1,000 bytes may wait. */
const ALLOWANCE = { bitrate: 8_000, allowanceMs: 1_000 };
const PAYLOAD = new Uint8Array(10);

interface Wire {
  readonly publication: Publication;
  /** What happened on its streams: group:event. */
  readonly seen: string[];
  queued: number;
  leave(): void;
  asksForGroup: boolean;
  /** The code it was ended with, or that it was ended. */
  endedWith: number | "end" | undefined;
}

function wire(): Wire {
  const leaving = new EventTarget();
  const leave = (): void => void leaving.dispatchEvent(new Event("leave"));
  const ended = new Promise<void>((resolve) => {
    leaving.addEventListener("leave", () => resolve());
  });
  const openSubgroup = (group: number, subgroup: number): SubgroupWriter => {
    let isOpen = true;
    const name = subgroup === 0 ? `${group}` : `${group}/${subgroup}`;
    const close = (event: string): void => {
      if (isOpen) it.seen.push(`${name}:${event}`);
      isOpen = false;
    };
    return {
      get queuedBytes() {
        return it.queued;
      },
      get isOpen() {
        return isOpen;
      },
      isDrained: true,
      write(_payload, _properties, object) {
        if (isOpen) it.seen.push(`${name}:${object}`);
      },
      finish: () => close("finish"),
      reset: (code) => close(`reset ${code}`),
    };
  };
  const end = (code?: number): void => {
    it.endedWith = code ?? "end";
    leave();
  };
  const publication = {
    track: "cam/mid",
    ended,
    get wantsGroup() {
      return it.asksForGroup;
    },
    openSubgroup,
    sendDatagram: () => assert.fail("a picture in a datagram"),
    isLossy: false,
    end,
  };
  const it: Wire = { publication, seen: [], queued: 0, asksForGroup: false, leave, endedWith: undefined };
  return it;
}

test("a second subscriber asks for a group and gets nothing before it", () => {
  const fan = createFanOut(onStreams(ALLOWANCE), assert.fail);
  const [first, second] = [wire(), wire()];
  fan.add(first.publication);
  assert.equal(fan.wantsGroup(), true);
  fan.beginGroup(100);
  fan.write(PAYLOAD, new Map());
  assert.equal(fan.wantsGroup(), false);
  fan.add(second.publication);
  fan.write(PAYLOAD, new Map());
  assert.equal(fan.wantsGroup(), true);
  fan.beginGroup(100);
  fan.write(PAYLOAD, new Map());
  assert.deepEqual(first.seen, ["100:0", "100:1", "100:finish", "101:0"]);
  assert.deepEqual(second.seen, ["101:0"]);
});

test("a stream that is backed up for a second is reset as late and wants a new group", () => {
  const fan = createFanOut(onStreams(ALLOWANCE), assert.fail);
  const stuck = wire();
  fan.add(stuck.publication);
  fan.beginGroup(100);
  stuck.queued = 5_000;
  fan.expire(0);
  fan.expire(900);
  assert.equal(fan.queuedMs(), 5_000);
  stuck.queued = 10;
  fan.expire(950);
  stuck.queued = 5_000;
  fan.expire(1_000);
  fan.expire(2_000);
  assert.deepEqual(stuck.seen, []);
  fan.expire(2_001);
  assert.deepEqual(stuck.seen, ["100:reset 2"]);
  assert.equal(fan.wantsGroup(), true);
});

test("one stuck subscriber does not slow the others", () => {
  const fan = createFanOut(onStreams(ALLOWANCE), assert.fail);
  const [stuck, well] = [wire(), wire()];
  fan.add(stuck.publication);
  fan.add(well.publication);
  fan.beginGroup(1);
  stuck.queued = 5_000;
  assert.equal(fan.queuedMs(), 0);
});

test("encoding rests when the last subscriber left, and ends with the source", async () => {
  let idle = 0;
  const fan = createFanOut(onStreams(ALLOWANCE), () => (idle += 1));
  const [first, second] = [wire(), wire()];
  fan.add(first.publication);
  fan.add(second.publication);
  first.leave();
  await first.publication.ended;
  assert.equal(fan.isWanted(), true);
  fan.end();
  assert.equal(second.endedWith, "end");
  assert.equal(fan.isWanted(), false);
  assert.equal(idle, 1);
});

const write = (fan: ReturnType<typeof createFanOut>, ...layers: number[]): void => {
  for (const layer of layers) fan.write(PAYLOAD, new Map(), layer);
};

test("layers go on streams of their own, with IDs that tell the layer", () => {
  const fan = createFanOut(onStreams(ALLOWANCE), assert.fail);
  const one = wire();
  fan.add(one.publication);
  fan.beginGroup(100);
  write(fan, 0, 2, 1, 2, 0);
  // The encoder left out frames of the pattern.
  write(fan, 1, 0, 2);
  assert.deepEqual(one.seen, ["100:0", "100/2:1", "100/1:2", "100/2:3", "100:4", "100/1:6", "100:8", "100/2:9"]);
});

test("a layer that is cut ends at once, and comes back with a group", () => {
  const fan = createFanOut(onStreams(ALLOWANCE), assert.fail);
  const one = wire();
  fan.add(one.publication);
  fan.beginGroup(100);
  write(fan, 0, 2, 1);
  fan.setLayers(2);
  write(fan, 2, 0);
  fan.setLayers(3);
  write(fan, 2, 1);
  fan.beginGroup(200);
  write(fan, 0, 2);
  assert.deepEqual(one.seen, [
    "100:0", "100/2:1", "100/1:2", "100/2:reset 9", "100:4", "100/1:6", "100:finish", "100/1:finish", "200:0", "200/2:1",
  ]);
});

test("a layer that there is no room for is not begun", () => {
  const fan = createFanOut(onStreams(ALLOWANCE), assert.fail);
  const one = wire();
  fan.add(one.publication);
  fan.setLayers(1);
  fan.beginGroup(100);
  write(fan, 0, 2, 1);
  fan.setLayers(3);
  write(fan, 2, 0);
  assert.deepEqual(one.seen, ["100:0", "100:4"]);
});

test("a base layer that is lost takes the others with it", () => {
  const fan = createFanOut(onStreams(ALLOWANCE), assert.fail);
  const one = wire();
  fan.add(one.publication);
  fan.beginGroup(100);
  write(fan, 0, 2);
  one.queued = 5_000;
  fan.expire(0);
  fan.expire(1_001);
  write(fan, 1, 2);
  assert.deepEqual(one.seen, ["100:0", "100/2:1", "100:reset 2", "100/2:reset 2"]);
});

test("a subscriber can ask for a group while one is under way", () => {
  const fan = createFanOut(onStreams(ALLOWANCE), assert.fail);
  const one = wire();
  fan.add(one.publication);
  fan.beginGroup(100);
  assert.equal(fan.wantsGroup(), false);
  one.asksForGroup = true;
  assert.equal(fan.wantsGroup(), true);
});

test("what the line has no room for is given up at once, with the reason", () => {
  let idle = 0;
  const fan = createFanOut(onStreams(ALLOWANCE), () => (idle += 1));
  const one = wire();
  fan.add(one.publication);
  fan.beginGroup(100);
  write(fan, 0);
  fan.giveUp(9);
  assert.deepEqual([one.seen, one.endedWith, idle], [["100:0", "100:reset 9"], 9, 1]);
  assert.equal(fan.isWanted(), false);
});
