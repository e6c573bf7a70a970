/** A voice from the line to the ear, over lines that lose packets or put several objects into one. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVoiceRing } from "../render/voice-ring.ts";
import { createAudioJitter, type EncodedSound } from "./audio-jitter.ts";

const START = 1_795_000_000_000;
const OBJECT_MS = 20;
const BLOCK = 960;
const QUANTUM = 128;
/** From the jitter buffer to the mixer. */
const DECODE_MS = 6;
const TRANSIT_MS = 30;
const REPORT_EVERY_MS = 50;
/** What a voice needs to find its delay. */
const BEGIN_MS = 5_000;

interface Line {
  readonly objectsPerPacket: number;
  /** Share of packets that are lost. */
  readonly loss: number;
  /** Packets behind it that carry an object once more. */
  readonly repeats: number;
  /** How much longer the n-th packet is on its way. */
  readonly jitterMs?: (packet: number) => number;
}

interface Arrival {
  readonly at: number;
  readonly sound: EncodedSound;
}

const sound = (n: number): EncodedSound => ({
  group: Math.floor(n / 50),
  object: n % 50,
  capturedAt: START + n * OBJECT_MS,
  payload: new Uint8Array(80),
});

/** The same numbers each time. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function arrivals(seconds: number, { objectsPerPacket, loss, repeats, jitterMs = () => 0 }: Line): Arrival[] {
  const chance = dice(7);
  const packets = Math.floor((seconds * 1_000) / OBJECT_MS / objectsPerPacket);
  const arrived: Arrival[] = [];
  for (let packet = 0; packet < packets; packet += 1) {
    if (chance() < loss) continue;
    const end = (packet + 1) * objectsPerPacket;
    const at = START + (end - 1) * OBJECT_MS + TRANSIT_MS + jitterMs(packet);
    // What is new first: what is repeated has waited already.
    for (let back = 0; back <= repeats && back <= packet; back += 1) {
      for (let n = end - (back + 1) * objectsPerPacket; n < end - back * objectsPerPacket; n += 1) arrived.push({ at, sound: sound(n) });
    }
  }
  return arrived.toSorted((a, b) => a.at - b.at);
}

interface Heard {
  /** Without sound, or with sound that is made up, after the beginning. */
  readonly gapMs: number;
  /** Between capture and ear, less the way. */
  readonly delayMs: number;
}

/** What of a steady tone is heard. */
function listen(seconds: number, line: Line): Heard {
  const jitter = createAudioJitter();
  const ring = createVoiceRing();
  const arriving = arrivals(seconds, line);
  const decoding: { readonly at: number; readonly capturedAt: number }[] = [];
  let [next, reportedAt, dryCount, missing] = [0, START, 0, 0];
  const output = new Float32Array(QUANTUM);
  const end = START + seconds * 1_000;
  let now = START;
  const take = (): void => {
    for (const { capturedAt } of jitter.take(now)) decoding.push({ at: now + DECODE_MS, capturedAt });
  };
  for (; now < end; now += (QUANTUM * 1_000) / 48_000) {
    for (let arrival = arriving[next]; arrival !== undefined && arrival.at <= now; arrival = arriving[next]) {
      jitter.arrive(arrival.sound, now);
      take();
      next += 1;
    }
    if ((jitter.deadline() ?? Infinity) <= now) take();
    for (let first = decoding[0]; first !== undefined && first.at <= now; first = decoding[0]) {
      ring.write(first.capturedAt, new Float32Array(BLOCK).fill(0.5));
      decoding.shift();
    }
    output.fill(0);
    ring.mixInto(output, 1);
    if (now > START + BEGIN_MS) missing += output.filter((sample) => sample < 0.49).length;
    if (now - reportedAt < REPORT_EVERY_MS) continue;
    reportedAt = now;
    if (ring.dryCount() > dryCount) jitter.ranDry(now);
    dryCount = ring.dryCount();
    const playhead = ring.playheadMs();
    const steering = jitter.steer(Number.isNaN(playhead) ? undefined : { capturedAt: playhead, at: now }, now);
    ring.steer(steering.rate, steering.targetMs);
    if (steering.jumpTo !== undefined) ring.jump(steering.jumpTo);
  }
  return { gapMs: missing / 48, delayMs: now - ring.playheadMs() - TRANSIT_MS };
}

const CLEAN: Line = { objectsPerPacket: 1, loss: 0, repeats: 0 };
const SECONDS = 65;
const MEASURED_MS = SECONDS * 1_000 - BEGIN_MS;
/** What of a voice is missing over a line, in share of the time; and its delay in ms. */
const heard = (line: Partial<Line>): { readonly missing: number; readonly delayMs: number } => {
  const { gapMs, delayMs } = listen(SECONDS, { ...CLEAN, ...line });
  return { missing: gapMs / MEASURED_MS, delayMs };
};

test("a voice over a line that loses nothing has no gap, however many objects are in a packet", () => {
  for (const [objectsPerPacket, delayMax] of [[1, 55], [2, 60], [3, 75]] as const) {
    const { missing, delayMs } = heard({ objectsPerPacket });
    assert.equal(missing, 0, `${objectsPerPacket} a packet`);
    assert.ok(delayMs < delayMax, `${objectsPerPacket} a packet: ${delayMs} ms`);
  }
});

test("packets that take up to 15 ms longer make no gap", () => {
  assert.equal(heard({ jitterMs: (packet) => dice(packet)() * 15 }).missing, 0);
});

test("a queue that is there every ten seconds is heard twice at most, and waited for then", () => {
  // As where a whole class turns to the next slide: four packets in each 500 are up to 50 ms late.
  const { missing, delayMs } = heard({ jitterMs: (packet) => Math.max(0, 50 - 15 * (packet % 500)) });
  assert.ok(missing * MEASURED_MS <= 40, `${missing * MEASURED_MS} ms`);
  assert.ok(delayMs < 90, `${delayMs} ms`);
});

test("what is lost and not repeated is missing, nothing beside it, and nobody waits longer for it", () => {
  const { missing, delayMs } = heard({ loss: 0.05 });
  assert.ok(missing > 0.04 && missing < 0.06, `${missing}`);
  assert.ok(delayMs < 55, `${delayMs} ms`);
});

test("what is repeated with the next packet is missing only if both are lost", () => {
  for (const loss of [0.01, 0.05]) {
    const { missing, delayMs } = heard({ loss, repeats: 1 });
    assert.ok(missing < 0.001 + 1.2 * loss * loss, `${loss} lost: ${missing}`);
    assert.ok(delayMs < 60, `${loss} lost: ${delayMs} ms`);
  }
});

test("what is repeated twice bridges two lost packets in a row", () => {
  assert.ok(heard({ loss: 0.1, repeats: 2 }).missing < 0.002);
});

test("two objects a packet, repeated with the next packet, are waited for as well", () => {
  const { missing, delayMs } = heard({ objectsPerPacket: 2, loss: 0.05, repeats: 1 });
  assert.ok(missing < 0.006, `${missing}`);
  assert.ok(delayMs < 95, `${delayMs} ms`);
});
