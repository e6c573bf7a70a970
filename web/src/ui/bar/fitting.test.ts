/** On a narrow screen the tools that are missed least are behind "more", and the others keep their order. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { fitting } from "./fitting.ts";
import type { ToolName } from "./fitting.ts";

const ALL: readonly ToolName[] = ["mic", "cam", "hand", "signs", "chat", "people", "board", "polls", "breakouts", "notes", "files", "layout", "leave", "end"];
const STUDENT = ALL.filter((tool) => !["board", "breakouts", "end"].includes(tool));
const phone = (room: number) => ({ room, gap: 4, sizeOf: () => 44, more: 48 });

test("a phone has what is needed at once", () => {
  assert.deepEqual(fitting(STUDENT, false, phone(366)), ["mic", "cam", "hand", "chat", "people", "leave"]);
  assert.deepEqual(fitting(ALL, true, phone(366)), ["mic", "cam", "hand", "chat", "people", "leave"]);
});

test("nothing is hidden where there is room, and nothing sticks out where there is not", () => {
  for (let room = 200; room < 1_200; room += 7) {
    const shown = fitting(ALL, true, phone(room));
    const used = shown.length * 48 - 4 + (shown.length === ALL.length ? 0 : 48);
    assert.ok(used <= room, `${shown} in ${room}`);
    assert.deepEqual(shown, ALL.filter((tool) => shown.includes(tool)));
  }
  assert.deepEqual(fitting(ALL, true, phone(14 * 48)), ALL);
});
