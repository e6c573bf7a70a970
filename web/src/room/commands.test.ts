/** What a person asked for reaches the room once: not never, not twice. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { array, assert as check, constantFrom, property } from "fast-check";
import { WAITING_MAX, answer, enqueue, openOutbox, pause, restart } from "./commands.ts";
import type { Outbox, OutboxStep } from "./commands.ts";
import type { Command, DoorSnapshot, InboxObject } from "./messages.ts";

const NO_DOOR_NEWS: DoorSnapshot = { place: "inside", notice: null, waiting: [] };

const say = (text: string): Command => ({ kind: "say", text, to: { kind: "everyone" }, replyTo: null });

const taken = (step: OutboxStep | null): OutboxStep => {
  assert.ok(step !== null);
  return step;
};

const numbers = (outbox: Outbox) => outbox.waiting.map(({ number }) => number);

/** A room that follows the protocol: answers repetitions with the old answer, acts once. */
function createRoom(acknowledged = 0) {
  const said: string[] = [];
  let last = acknowledged;
  return {
    said,
    last: () => last,
    snapshot: (): InboxObject => ({ kind: "snapshot", at: 1, acknowledged: last, refused: [], messages: [], votes: [], counts: [], consents: [], door: NO_DOOR_NEWS, uploads: [], line: null, lines: [], asides: [] }),
    take: (text: string): InboxObject => {
      const { number, command } = JSON.parse(text) as { number: number; command: { text: string } };
      if (number > last + 1) {
        return { kind: "refused", number, refusal: { code: "outOfOrder", expected: last + 1 } };
      }
      if (number === last + 1) {
        said.push(command.text);
        last = number;
      }
      return { kind: "acknowledged", number };
    },
  };
}

test("commands wait for the track and go out in order", () => {
  const first = taken(enqueue(openOutbox(1), say("a")));
  const second = taken(enqueue(first.outbox, say("b")));
  assert.deepEqual([first.send, second.send], [[], []]);
  const ready = restart(second.outbox);
  assert.deepEqual(ready.send.map((text) => JSON.parse(text).number), [1, 2]);
  assert.equal(taken(enqueue(ready.outbox, say("c"))).send.length, 1);
});

test("an acknowledgement settles everything up to its number", () => {
  let outbox = restart(openOutbox(1)).outbox;
  for (const text of ["a", "b", "c"]) {
    outbox = taken(enqueue(outbox, say(text))).outbox;
  }
  const step = answer(outbox, { kind: "acknowledged", number: 2 });
  assert.deepEqual(step.settled.map(({ refusal }) => refusal), [null, null]);
  assert.deepEqual(numbers(step.outbox), [3]);
  assert.deepEqual(answer(step.outbox, { kind: "acknowledged", number: 2 }).settled, []);
});

test("a refusal reaches the person who asked, also through a snapshot", () => {
  const outbox = taken(enqueue(restart(openOutbox(4)).outbox, say("a"))).outbox;
  const refusal = { code: "tooFast", retryAfterMs: 900 } as const;
  const direct = answer(outbox, { kind: "refused", number: 4, refusal });
  const later = answer(outbox, { kind: "snapshot", at: 1, acknowledged: 4, refused: [{ number: 4, refusal }], messages: [], votes: [], counts: [], consents: [], door: NO_DOOR_NEWS, uploads: [], line: null, lines: [], asides: [] });
  assert.deepEqual(direct.settled, later.settled);
  assert.equal(direct.settled[0]?.refusal, refusal);
});

test("a page without its old number does not reuse one", () => {
  const queued = taken(enqueue(openOutbox(1), say("new"))).outbox;
  const lifted = answer(queued, { kind: "snapshot", at: 1, acknowledged: 41, refused: [], messages: [], votes: [], counts: [], consents: [], door: NO_DOOR_NEWS, uploads: [], line: null, lines: [], asides: [] });
  assert.deepEqual([numbers(lifted.outbox), lifted.settled, lifted.outbox.next], [[42], [], 43]);
});

test("numbers lost with a reloaded page are closed up", () => {
  const room = createRoom(6);
  let step = restart(taken(enqueue(taken(enqueue(openOutbox(9), say("a"))).outbox, say("b"))).outbox);
  const line = [...step.send];
  for (let text = line.shift(); text !== undefined; text = line.shift()) {
    step = answer(step.outbox, room.take(text));
    line.push(...step.send);
  }
  assert.deepEqual([room.said, numbers(step.outbox), step.outbox.next], [["a", "b"], [], 9]);
});

test("the queue has an end", () => {
  let outbox = openOutbox(1);
  for (let count = 0; count < WAITING_MAX; count++) {
    outbox = taken(enqueue(outbox, say("x"))).outbox;
  }
  assert.equal(enqueue(outbox, say("x")), null);
});

test("through any losses of the line nothing is lost and nothing happens twice", () => {
  const weather = constantFrom("say", "deliver", "answer", "lose", "return");
  check(
    property(array(weather, { maxLength: 200 }), (course) => {
      const room = createRoom();
      const asked: string[] = [];
      let [outbox, up, down] = [openOutbox(1), [] as string[], [] as InboxObject[]];
      const take = (step: OutboxStep) => {
        outbox = step.outbox;
        up.push(...step.send);
      };
      const actions = {
        say: () => {
          const step = enqueue(outbox, say(`m${asked.length}`));
          if (step !== null) {
            asked.push(`m${asked.length}`);
            take(step);
          }
        },
        deliver: () => down.push(...up.splice(0, 1).map(room.take)),
        answer: () => down.splice(0, 1).forEach((object) => take(answer(outbox, object))),
        lose: () => {
          [up, down] = [[], []];
          outbox = pause(outbox);
        },
        return: () => {
          if (!outbox.ready) {
            take(restart(outbox));
            down.push(room.snapshot());
          }
        },
      };
      course.forEach((what) => actions[what]());
      actions.return();
      while (up.length + down.length > 0) {
        actions.deliver();
        actions.answer();
      }
      assert.deepEqual(room.said, asked);
      assert.deepEqual(outbox.waiting, []);
    }),
  );
});
