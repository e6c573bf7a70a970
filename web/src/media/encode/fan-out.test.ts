/** Groups to subscribers: everyone can start, nobody gets half a group, the stuck are cut off. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Publication, SubgroupWriter } from "../../moqt/types.ts";
import { createFanOut } from "./fan-out.ts";
import { CAM_MID, fit } from "./rendition.ts";

const ALLOWANCE = 1_000;
const PAYLOAD = new Uint8Array(10);

interface Wire {
  readonly publication: Publication;
  /** What happened on its streams: group:event. */
  readonly seen: string[];
  queued: number;
  leave(): void;
  hasEnded: boolean;
}

function wire(): Wire {
  const leaving = new EventTarget();
  const leave = (): void => void leaving.dispatchEvent(new Event("leave"));
  const ended = new Promise<void>((resolve) => {
    leaving.addEventListener("leave", () => resolve());
  });
  const openSubgroup = (group: number): SubgroupWriter => {
    let isOpen = true;
    const close = (event: string): void => {
      isOpen = false;
      it.seen.push(`${group}:${event}`);
    };
    return {
      get queuedBytes() {
        return it.queued;
      },
      get isOpen() {
        return isOpen;
      },
      write: () => void it.seen.push(`${group}:object`),
      finish: () => close("finish"),
      reset: (code) => close(`reset ${code}`),
    };
  };
  const end = (): void => {
    it.hasEnded = true;
    leave();
  };
  const it: Wire = { publication: { track: "cam/mid", ended, openSubgroup, end }, seen: [], queued: 0, leave, hasEnded: false };
  return it;
}

test("a second subscriber asks for a group and gets nothing before it", () => {
  const fan = createFanOut(ALLOWANCE, assert.fail);
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
  assert.deepEqual(first.seen, ["100:object", "100:object", "100:finish", "101:object"]);
  assert.deepEqual(second.seen, ["101:object"]);
});

test("a stream that is backed up for a second is reset as late and wants a new group", () => {
  const fan = createFanOut(ALLOWANCE, assert.fail);
  const stuck = wire();
  fan.add(stuck.publication);
  fan.beginGroup(100);
  stuck.queued = 5_000;
  fan.expire(0);
  fan.expire(900);
  assert.equal(fan.queuedBytes(), 5_000);
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
  const fan = createFanOut(ALLOWANCE, assert.fail);
  const [stuck, well] = [wire(), wire()];
  fan.add(stuck.publication);
  fan.add(well.publication);
  fan.beginGroup(1);
  stuck.queued = 5_000;
  assert.equal(fan.queuedBytes(), 0);
});

test("encoding rests when the last subscriber left, and ends with the source", async () => {
  let idle = 0;
  const fan = createFanOut(ALLOWANCE, () => (idle += 1));
  const [first, second] = [wire(), wire()];
  fan.add(first.publication);
  fan.add(second.publication);
  first.leave();
  await first.publication.ended;
  assert.equal(fan.isWanted(), true);
  fan.end();
  assert.equal(second.hasEnded, true);
  assert.equal(fan.isWanted(), false);
  assert.equal(idle, 1);
});

test("pictures fit the rendition's box, standing or lying, and are never enlarged", () => {
  assert.deepEqual(fit({ width: 1_280, height: 720 }, CAM_MID), { width: 640, height: 360 });
  assert.deepEqual(fit({ width: 640, height: 480 }, CAM_MID), { width: 480, height: 360 });
  assert.deepEqual(fit({ width: 720, height: 1_280 }, CAM_MID), { width: 360, height: 640 });
  assert.deepEqual(fit({ width: 320, height: 240 }, CAM_MID), { width: 320, height: 240 });
  assert.deepEqual(fit({ width: 1, height: 9_999 }, CAM_MID), { width: 2, height: 640 });
});
