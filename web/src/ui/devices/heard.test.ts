/** The hints for the own microphone come when they should, and not for a cough or a quiet person. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_SPEECH, isSilent, listenForSilence, listenForSpeech } from "./heard.ts";
import type { Silence, Speech } from "./heard.ts";

/** A quiet room, and a voice at arm's length. */
const ROOM = 70;
const VOICE = 30;
const NOTHING = 127;

/** The same level every `everyMs` for `ms`. */
function silence(levels: readonly (readonly [dbov: number, ms: number])[], everyMs = 100): boolean {
  let state: Silence = null;
  let now = 0;
  for (const [dbov, ms] of levels) {
    for (const end = now + ms; now < end; now += everyMs) state = listenForSilence(state, dbov, now);
  }
  return isSilent(state, now);
}

function speech(levels: readonly (readonly [dbov: number, ms: number])[]): { readonly speech: Speech; readonly now: number } {
  let state = NO_SPEECH;
  let now = 0;
  for (const [dbov, ms] of levels) {
    for (const end = now + ms; now < end; now += 100) state = listenForSpeech(state, dbov, now);
  }
  return { speech: state, now };
}

test("a dead microphone is told of after ten seconds, not before", () => {
  assert.equal(silence([[NOTHING, 9_000]]), false);
  assert.equal(silence([[NOTHING, 10_100]]), true);
});

test("a quiet person has a working microphone", () => {
  assert.equal(silence([[ROOM, 60_000]]), false);
  assert.equal(silence([[NOTHING, 9_000], [ROOM, 100], [NOTHING, 9_000]]), false);
});

test("a page in the background does not take a few looks for a silence", () => {
  assert.equal(silence([[NOTHING, 120_000]], 60_000), false);
});

test("who speaks is told, over pauses between words too", () => {
  const { speech: said, now } = speech([[VOICE, 400], [ROOM, 200], [VOICE, 600]]);
  assert.ok(said.until > now);
});

test("a cough is no speech", () => {
  const { speech: said, now } = speech([[VOICE, 400], [ROOM, 2_000], [VOICE, 400]]);
  assert.ok(said.until < now);
});

test("the hint goes when the person has stopped speaking for a while", () => {
  const { speech: said, now } = speech([[VOICE, 1_500], [ROOM, 6_000]]);
  assert.ok(said.until < now);
});
