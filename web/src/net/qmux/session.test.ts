/** What our session does by itself: whose turn it is, what it lets the peer do, and how it ends. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { DATAGRAM_MS_MAX, DATAGRAMS_UNREAD_MAX, DATAGRAMS_WAITING_MAX, isSessionError, streamError } from "../transport.ts";
import { farEnd, type FarEnd } from "./far-end.ts";
import { datagramFrame, decodeRecord, maxDataFrame, parametersFrame, pingFrame, resetFrame, streamFrame, type Frame } from "./frames.ts";
import { encodeParameters, type Parameters } from "./parameters.ts";
import { SESSION_WINDOW, STREAM_WINDOW } from "./receiving.ts";
import { qmuxSession, type QmuxSession } from "./session.ts";
import { UNI_STREAMS_MAX } from "./streams.ts";
import { QmuxCode } from "./wire.ts";

const GENEROUS: Parameters = {
  idleTimeoutMs: 0,
  maxData: 1_000_000,
  maxStreamDataBidiLocal: 1_000_000,
  maxStreamDataBidiRemote: 1_000_000,
  maxStreamDataUni: 1_000_000,
  maxStreamsBidi: 10,
  maxStreamsUni: 10,
  maxDatagramFrameSize: 16_382,
  maxRecordSize: 16_382,
};
/** The first stream that a server opens in one direction. */
const THEIRS = 3;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Scene extends FarEnd {
  readonly session: QmuxSession;
  /** The frames sent since the last call. */
  frames(): Frame[];
}

async function scene(parameters: Partial<Parameters> = {}): Promise<Scene> {
  const end = farEnd();
  const session = qmuxSession(end.socket, end.timing);
  session.take(parametersFrame(encodeParameters({ ...GENEROUS, ...parameters })));
  await session.ready;
  await settled();
  let seen = 0;
  const frames = (): Frame[] => {
    const from = seen;
    seen = end.records.length;
    return end.records.slice(from).flatMap(decodeRecord);
  };
  assert.equal(frames()[0]?.kind, "parameters");
  return { ...end, session, frames };
}

/** After all that follows from what was done. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const closeOf = (frames: readonly Frame[]) => frames.find((frame) => frame.kind === "close");

test("what is urgent overtakes what waits for a full socket", async () => {
  const { session, frames, hold, pass } = await scene();
  hold(1_000_000);
  const picture = (await session.transport.createUnidirectionalStream({ sendOrder: 1 })).getWriter();
  const speech = (await session.transport.createUnidirectionalStream({ sendOrder: 9 })).getWriter();
  void picture.write(new Uint8Array(10_000));
  void speech.write(bytes("hello"));
  await settled();
  assert.deepEqual(frames(), []);
  hold(0);
  pass(5);
  const streams = frames().map((frame) => (frame.kind === "stream" ? [frame.id, frame.data.length] : frame));
  assert.deepEqual(streams, [[6, 5], [2, 4_096], [2, 4_096], [2, 1_808]]);
});

const datagramsOf = (frames: readonly Frame[]) => frames.map((frame) => (frame.kind === "datagram" ? frame.data[0] : frame.kind));

test("datagrams overtake streams, and of those that wait the oldest are dropped", async () => {
  const { session, frames, hold, pass } = await scene();
  hold(1_000_000);
  const writer = (await session.transport.createUnidirectionalStream({ sendOrder: 9 })).getWriter();
  void writer.write(bytes("picture"));
  await settled();
  for (let number = 1; number <= 25; number += 1) assert.equal(session.transport.datagrams.send(Uint8Array.of(number)), true);
  session.take(pingFrame(0));
  hold(0);
  pass(5);
  const newest = Array.from({ length: DATAGRAMS_WAITING_MAX }, (_, i) => 26 - DATAGRAMS_WAITING_MAX + i);
  assert.deepEqual(datagramsOf(frames()), ["pong", ...newest, "stream"]);
});

test("a peer that takes no datagrams, or none that large, is sent none", async () => {
  for (const [maxDatagramFrameSize, maxBytes] of [[0, 0], [3, 0], [15, 10]] as const) {
    const { session, frames } = await scene({ maxDatagramFrameSize });
    assert.equal(session.transport.datagrams.maxBytes, maxBytes);
    assert.equal(session.transport.datagrams.send(new Uint8Array(11)), false);
    assert.equal(session.transport.datagrams.send(new Uint8Array(10)), maxBytes > 0);
    await settled();
    assert.equal(frames().length, maxBytes > 0 ? 1 : 0);
  }
});

test("datagrams that nobody reads make room for newer ones, and are forgotten when they are old", async () => {
  const { session, pass } = await scene();
  for (let number = 0; number < DATAGRAMS_UNREAD_MAX + 3; number += 1) session.take(datagramFrame(Uint8Array.of(number % 256)));
  const reader = session.transport.datagrams.readable.getReader();
  assert.deepEqual((await reader.read()).value, Uint8Array.of(3));
  assert.deepEqual((await reader.read()).value, Uint8Array.of(4));
  pass(DATAGRAM_MS_MAX + 1);
  session.take(Uint8Array.of(0x30, 77));
  assert.deepEqual((await reader.read()).value, Uint8Array.of(77));
  session.lose("the socket closed with 1006");
  await assert.rejects(reader.read(), isSessionError);
});

test("streams of one urgency take turns", async () => {
  const { session, frames, hold, pass } = await scene();
  hold(1_000_000);
  for (let count = 0; count < 2; count += 1) {
    const writer = (await session.transport.createUnidirectionalStream()).getWriter();
    void writer.write(new Uint8Array(8_000));
  }
  await settled();
  hold(0);
  pass(5);
  assert.deepEqual(frames().map((frame) => (frame.kind === "stream" ? frame.id : frame)), [2, 6, 2, 6]);
});

test("a stream that is reset while it waits leaves nothing behind", async () => {
  const { session, frames, hold, pass } = await scene();
  const writer = (await session.transport.createUnidirectionalStream()).getWriter();
  await writer.write(bytes("sent"));
  hold(1_000_000);
  writer.write(new Uint8Array(100_000)).catch(() => undefined);
  await settled();
  frames();
  await writer.abort(streamError(0x2));
  hold(0);
  pass(5);
  assert.deepEqual(frames(), [{ kind: "reset", id: 2, code: 0x2, finalSize: 4 }]);
});

test("nothing is sent beyond the peer's windows, and the rest as soon as they open", async () => {
  const { session, frames } = await scene({ maxData: 100, maxStreamDataUni: 60 });
  const one = (await session.transport.createUnidirectionalStream()).getWriter();
  const other = (await session.transport.createUnidirectionalStream()).getWriter();
  void one.write(new Uint8Array(200));
  void other.write(new Uint8Array(200));
  await settled();
  const sizes = () => frames().map((frame) => (frame.kind === "stream" ? [frame.id, frame.data.length] : frame));
  assert.deepEqual(sizes(), [[2, 60], [6, 40]]);
  session.take(maxDataFrame(130));
  await settled();
  assert.deepEqual(sizes(), [[6, 20]]);
});

test("a stream waits until the peer has room for it", async () => {
  const { session } = await scene({ maxStreamsUni: 1 });
  await session.transport.createUnidirectionalStream();
  let isOpen = false;
  const second = session.transport.createUnidirectionalStream().then(() => (isOpen = true));
  await settled();
  assert.equal(isOpen, false);
  session.take(Uint8Array.of(0x13, 2));
  await second;
});

test("a peer gets new room for what was read, not for what came", async () => {
  const { session, frames } = await scene();
  const half = new Uint8Array(STREAM_WINDOW / 2);
  session.take(streamFrame(THEIRS, 0, half, false));
  await settled();
  assert.deepEqual(frames(), []);
  const streams = session.transport.incomingUnidirectionalStreams.getReader();
  const reader = (await streams.read()).value?.getReader();
  await reader?.read();
  await settled();
  assert.deepEqual(frames(), [{ kind: "maxStreamData", id: THEIRS, max: STREAM_WINDOW * 1.5 }]);
});

test("what comes after a reader left takes no room", async () => {
  const { session, frames } = await scene();
  session.take(streamFrame(THEIRS, 0, bytes("a"), false));
  const stream = (await session.transport.incomingUnidirectionalStreams.getReader().read()).value;
  await stream?.cancel(streamError(0x1));
  await settled();
  assert.deepEqual(frames(), [{ kind: "stop", id: THEIRS, code: 0x1 }]);
  session.take(streamFrame(THEIRS, 1, new Uint8Array(STREAM_WINDOW - 1), false));
  session.take(resetFrame(THEIRS, 0x1, STREAM_WINDOW));
  for (let count = 1; count * STREAM_WINDOW < SESSION_WINDOW; count += 1) {
    session.take(streamFrame(THEIRS + 4 * count, 0, new Uint8Array(STREAM_WINDOW), true));
  }
  await settled();
  assert.equal(closeOf(frames()), undefined);
});

test("each broken rule ends the session with its code", async () => {
  const last = THEIRS + 4 * UNI_STREAMS_MAX;
  const table: readonly (readonly [string, readonly Uint8Array[], number])[] = [
    ["a second set of parameters", [parametersFrame(encodeParameters(GENEROUS))], QmuxCode.protocolViolation],
    ["one stream too many", [streamFrame(last, 0, bytes("a"), false)], QmuxCode.streamLimit],
    ["more than a stream's window", [streamFrame(THEIRS, 0, new Uint8Array(STREAM_WINDOW + 1), false)], QmuxCode.flowControl],
    ["a reset beyond the window", [resetFrame(THEIRS, 0, STREAM_WINDOW + 1)], QmuxCode.flowControl],
    ["a gap", [streamFrame(THEIRS, 5, bytes("a"), false)], QmuxCode.protocolViolation],
    ["data on our own one-way stream", [streamFrame(2, 0, bytes("a"), false)], QmuxCode.streamState],
    ["data on a stream we never opened", [streamFrame(0, 0, bytes("a"), false)], QmuxCode.streamState],
    ["a ping that goes back", [pingFrame(7), pingFrame(7)], QmuxCode.protocolViolation],
    ["a frame that was not asked for", [Uint8Array.of(0x24, 3, 0, 0, 0)], QmuxCode.frameEncoding],
    ["a frame that is cut", [Uint8Array.of(0x0e, 3, 0, 9, 1)], QmuxCode.frameEncoding],
  ];
  for (const [name, records, code] of table) {
    const { session, frames, isClosed } = await scene();
    for (const record of records) session.take(record);
    const close = closeOf(frames());
    assert.equal(close?.kind === "close" && close.code, code, name);
    assert.equal(close?.kind === "close" && close.byApplication, false, name);
    await assert.rejects(session.transport.closed, isSessionError, name);
    assert.ok(isClosed(), name);
  }
});

test("more than the session's window ends it, however many streams it is spread over", async () => {
  const { session, frames } = await scene();
  for (let count = 0; count <= SESSION_WINDOW / STREAM_WINDOW; count += 1) {
    session.take(streamFrame(THEIRS + 4 * count, 0, new Uint8Array(STREAM_WINDOW), true));
  }
  const close = closeOf(frames());
  assert.equal(close?.kind === "close" && close.code, QmuxCode.flowControl);
});

test("anything before the parameters ends the session", async () => {
  const end = farEnd();
  const session = qmuxSession(end.socket, end.timing);
  session.take(pingFrame(0));
  await assert.rejects(session.ready, isSessionError);
});

test("streams are heard of in any order, each once", async () => {
  const { session, frames } = await scene();
  const taken = session.transport.incomingUnidirectionalStreams.getReader();
  for (const index of [2, 0, 1]) {
    session.take(streamFrame(THEIRS + 4 * index, 0, bytes(String(index)), true));
    const chunk = await (await taken.read()).value?.getReader().read();
    assert.equal(new TextDecoder().decode(chunk?.value), String(index));
  }
  session.take(streamFrame(THEIRS, 0, bytes("again"), true));
  let isHeard = false;
  taken.read().then(() => (isHeard = true), () => undefined);
  await settled();
  assert.equal(isHeard, false);
  assert.equal(closeOf(frames()), undefined);
});

test("a silent peer is asked for a sign of life, and without one the session is lost", async () => {
  const { session, frames, pass } = await scene();
  pass(2_000);
  await settled();
  assert.deepEqual(frames(), [{ kind: "ping", sequence: 0 }]);
  session.take(Uint8Array.of(0x10, 1));
  pass(6_000);
  await settled();
  assert.equal(frames().length, 3);
  let isLost = false;
  session.transport.closed.catch(() => (isLost = true));
  await settled();
  assert.equal(isLost, false);
  pass(2_000);
  await assert.rejects(session.transport.closed, /no sign of life/);
});

test("a peer that asks for signs of life and reads none does not fill our memory", async () => {
  const { session, hold, frames } = await scene();
  hold(1_000_000);
  for (let sequence = 0; sequence < 10_000; sequence += 1) session.take(pingFrame(sequence));
  const close = closeOf(frames());
  assert.equal(close?.kind === "close" && close.code, QmuxCode.internalError);
});

test("the loss of the socket breaks every stream as a loss of the session", async () => {
  const { session } = await scene({ maxStreamsBidi: 1 });
  const { readable, writable } = await session.transport.createBidirectionalStream();
  const opening = session.transport.createBidirectionalStream();
  const arriving = session.transport.incomingUnidirectionalStreams.getReader().read();
  const writer = writable.getWriter();
  session.lose("the socket closed with 1006");
  for (const broken of [readable.getReader().read(), writer.closed, opening, arriving, session.transport.closed]) {
    await assert.rejects(broken, isSessionError);
  }
});
