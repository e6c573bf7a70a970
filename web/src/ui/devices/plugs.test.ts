/** A device that comes or goes is taken for what it is, by whatever name the browser calls it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { changeOf, entryOf } from "./plugs.ts";

const device = (deviceId: string, groupId = deviceId) => ({ deviceId, groupId, label: deviceId });
const LAPTOP = device("laptop");
const HEADSET = device("headset");
const USB = device("usb");
const PREFERRED = { deviceId: "default", groupId: "headset", label: "Standard" };

test("the device behind the browser's default is found by its group", () => {
  assert.equal(entryOf({ deviceId: "default", groupId: "other" }, [PREFERRED, LAPTOP, HEADSET]), HEADSET);
  assert.equal(entryOf({ deviceId: "laptop" }, [PREFERRED, LAPTOP, HEADSET]), LAPTOP);
  assert.equal(entryOf({ groupId: "laptop" }, [LAPTOP]), LAPTOP);
  assert.equal(entryOf({}, [LAPTOP]), undefined);
  assert.equal(entryOf({ deviceId: "x", groupId: "" }, [device("y", "")]), undefined);
});

test("a device in use that vanishes is gone, another one is not missed", () => {
  assert.deepEqual(changeOf([LAPTOP, HEADSET], [LAPTOP], { used: "headset", lost: undefined }), { kind: "gone" });
  assert.deepEqual(changeOf([LAPTOP, HEADSET], [LAPTOP], { used: "laptop", lost: undefined }), { kind: "none" });
});

test("the one that was in use before is known again", () => {
  assert.deepEqual(changeOf([LAPTOP], [LAPTOP, HEADSET], { used: "laptop", lost: "headset" }), { kind: "back", device: HEADSET });
  assert.deepEqual(changeOf([LAPTOP], [LAPTOP, USB], { used: "laptop", lost: "headset" }), { kind: "added", device: USB });
});

test("nothing was plugged in where the browser merely began to tell", () => {
  assert.deepEqual(changeOf([], [LAPTOP, HEADSET], { used: "laptop", lost: undefined }), { kind: "none" });
  assert.deepEqual(changeOf([LAPTOP], [LAPTOP, { ...PREFERRED, groupId: "laptop" }], { used: "laptop", lost: undefined }), { kind: "none" });
});

test("what is plugged in while nothing is on is only listed", () => {
  assert.deepEqual(changeOf([LAPTOP], [LAPTOP, USB], { used: undefined, lost: undefined }), { kind: "none" });
});
