/**
 * A QMux session of a client (draft-ietf-quic-qmux-02): the streams of a transport over a socket of
 * messages. Here: what each frame does, when the socket is written to, signs of life, and the end.
 */

import { sessionError, type Closing, type Transport } from "../transport.ts";
import { peerDatagrams, type PeerDatagrams } from "./datagrams.ts";
import { closeFrame, decodeRecord, parametersFrame, pingFrame, pongFrame, type Frame } from "./frames.ts";
import { encodeParameters, RECORD_BYTES_DEFAULT, type Parameters } from "./parameters.ts";
import { receiving, SESSION_WINDOW, STREAM_WINDOW } from "./receiving.ts";
import { sending } from "./sending.ts";
import { BIDI_STREAMS_MAX, ownStreams, peerStreams, UNI_STREAMS_MAX } from "./streams.ts";
import type { Halves, OwnStreams, PeerStreams } from "./streams.ts";
import { QmuxCode, QmuxViolation } from "./wire.ts";

/** What the socket may hold, which nothing can overtake any more: 130 ms at 1 Mbit/s. */
const SOCKET_BYTES_MAX = 16 * 1024;
/** A WebSocket does not tell when it has room again, so it is asked. */
const ROOM_AGAIN_MS = 5;
/** Silence after which a sign of life is asked for. */
const PING_AFTER_MS = 2_000;
/** Silence after which the line is held to be dead: a tablet that changes its access point needs 5 s. */
const SILENT_MS_MAX = 8_000;
/** What the peer is told: longer than we wait ourselves, so that one side tells the end. */
const IDLE_TIMEOUT_MS = 30_000;

const PARAMETERS: Parameters = {
  idleTimeoutMs: IDLE_TIMEOUT_MS,
  maxData: SESSION_WINDOW,
  maxStreamDataBidiLocal: STREAM_WINDOW,
  maxStreamDataBidiRemote: STREAM_WINDOW,
  maxStreamDataUni: STREAM_WINDOW,
  maxStreamsBidi: BIDI_STREAMS_MAX,
  maxStreamsUni: UNI_STREAMS_MAX,
  maxDatagramFrameSize: RECORD_BYTES_DEFAULT,
  maxRecordSize: RECORD_BYTES_DEFAULT,
};

/** The part of a WebSocket that a session writes to. */
export interface Socket {
  /** Bytes that have not left. */
  readonly bufferedAmount: number;
  send(record: Uint8Array<ArrayBuffer>): void;
  /** Closes when everything sent before has left. */
  close(): void;
}

export interface Timing {
  /** ms of a clock that never goes back. */
  now(): number;
  /** Calls `wake` once after `ms`; the answer forgets it. */
  after(ms: number, wake: () => void): () => void;
}

export interface QmuxSession {
  readonly transport: Transport;
  /** The peer said what it takes; rejects when the session ended before. */
  readonly ready: Promise<void>;
  /** Takes a message of the socket. */
  take(record: Uint8Array): void;
  /** The socket is gone. */
  lose(reason: string): void;
}

/** Begins the session on a socket that is open. */
export function qmuxSession(socket: Socket, timing: Timing): QmuxSession {
  const ready = settling<void>();
  const closed = settling<Closing>();
  let isOver = false;

  const out = sending({
    onReady: () => pump.wake(),
    onGone: (id) => peers.settle(id),
    onFlood: () => fail(new QmuxViolation("the peer does not read our answers", QmuxCode.internalError)),
  });
  const incoming = receiving({ send: out.control, onGone: (id) => peers.settle(id) });
  const own = ownStreams({ out, incoming });
  const peers = peerStreams({ out, incoming });
  const datagrams = peerDatagrams(out.datagram, timing.now);
  const pump = pumping(socket, timing, out.next);
  const life = signsOfLife(timing, out.control, () => lose("no sign of life"));

  /** Ends it once, with our last words if there are any. */
  const finish = (error: Error, words?: Uint8Array<ArrayBuffer>): boolean => {
    if (isOver) return false;
    isOver = true;
    life.stop();
    pump.stop();
    for (const part of [own, peers, out, incoming, datagrams]) part.fail(error);
    ready.reject(error);
    if (words !== undefined) socket.send(words);
    socket.close();
    return true;
  };
  const lose = (reason: string): void => {
    const error = sessionError(reason);
    if (finish(error)) closed.reject(error);
  };
  const fail = ({ code, message }: QmuxViolation): void => {
    const error = sessionError(message);
    if (finish(error, closeFrame(false, code, message))) closed.reject(error);
  };
  const frames = framing({ out, incoming, own, peers, datagrams }, {
    onParameters: () => ready.resolve(),
    onClose({ byApplication, code, reason }) {
      const error = sessionError(reason);
      if (!finish(error)) return;
      if (byApplication) closed.resolve({ closeCode: code, reason });
      else closed.reject(error);
    },
  });
  out.control(parametersFrame(encodeParameters(PARAMETERS)));
  return {
    ready: ready.promise,
    transport: {
      ...carrying({ own, peers, datagrams }),
      closed: closed.promise,
      close({ closeCode = 0, reason = "" } = {}) {
        const words = closeFrame(true, closeCode, reason);
        if (finish(sessionError("closed by us"), words)) closed.resolve({ closeCode, reason });
      },
    },
    take(record) {
      life.hear();
      try {
        for (const frame of decodeRecord(record)) if (!isOver) frames.take(frame);
      } catch (error) {
        if (!(error instanceof QmuxViolation)) throw error;
        fail(error);
      }
    },
    lose,
  };
}

interface Parts extends Halves {
  readonly own: OwnStreams;
  readonly peers: PeerStreams;
  readonly datagrams: PeerDatagrams;
}

/** What a session carries, as a transport has it. */
const carrying = ({ own, peers, datagrams }: Omit<Parts, keyof Halves>): Omit<Transport, "closed" | "close"> => ({
  incomingUnidirectionalStreams: peers.unidirectional,
  incomingBidirectionalStreams: peers.bidirectional,
  datagrams,
  // TCP repeats what is lost.
  isLossy: false,
  createUnidirectionalStream: own.createUnidirectionalStream,
  createBidirectionalStream: own.createBidirectionalStream,
});

interface FramingEvents {
  onParameters(): void;
  onClose(close: Extract<Frame, { readonly kind: "close" }>): void;
}

/** What each frame does. Throws `QmuxViolation`. */
function framing({ out, incoming, own, peers, datagrams }: Parts, events: FramingEvents): { take(frame: Frame): void } {
  let parameters: Parameters | undefined;
  let lastPing = -1;

  const begin = (given: Parameters): void => {
    if (parameters !== undefined) throw new QmuxViolation("parameters twice");
    parameters = given;
    out.allow(given.maxData);
    datagrams.begin(given);
    own.begin(given);
    events.onParameters();
  };
  const meet = (id: number): void => {
    own.check(id);
    peers.meet(id, parameters?.maxStreamDataBidiLocal ?? 0);
  };
  const take = (frame: Frame): void => {
    if (frame.kind === "parameters") return begin(frame.parameters);
    if (parameters === undefined) throw new QmuxViolation("parameters come first");
    switch (frame.kind) {
      case "stream":
        meet(frame.id);
        return incoming.stream(frame);
      case "reset":
        meet(frame.id);
        return incoming.reset(frame);
      case "stop":
        own.check(frame.id);
        return out.stop(frame.id, frame.code);
      case "maxData":
        return out.allow(frame.max);
      case "maxStreamData":
        own.check(frame.id);
        return out.allowStream(frame.id, frame.max);
      case "maxStreams":
        return own.allow(!frame.isBidirectional, frame.max);
      case "datagram":
        return datagrams.arrive(frame.data);
      case "close":
        return events.onClose(frame);
      case "ping":
        if (frame.sequence <= lastPing) throw new QmuxViolation("a ping goes back");
        lastPing = frame.sequence;
        return out.control(pongFrame(frame.sequence));
      // That it came is all that counts.
      case "pong":
      case "blocked":
    }
  };
  return { take };
}

/** Writes to the socket as long as it has room, and asks again while it has none. */
function pumping(
  socket: Socket,
  timing: Timing,
  next: () => Uint8Array<ArrayBuffer> | undefined,
): { wake(): void; stop(): void } {
  let state: "idle" | "due" | "stopped" = "idle";
  let forget: (() => void) | undefined;
  const pump = (): void => {
    if (state === "stopped") return;
    state = "idle";
    while (socket.bufferedAmount < SOCKET_BYTES_MAX) {
      const record = next();
      if (record === undefined) return;
      socket.send(record);
    }
    state = "due";
    forget = timing.after(ROOM_AGAIN_MS, pump);
  };
  return {
    wake() {
      if (state !== "idle") return;
      state = "due";
      // After what is being done now, of which more may come.
      queueMicrotask(pump);
    },
    stop() {
      state = "stopped";
      forget?.();
    },
  };
}

/** Asks a silent peer for a sign of life, and tells when none came. */
function signsOfLife(
  timing: Timing,
  send: (frame: Uint8Array) => void,
  onSilence: () => void,
): { hear(): void; stop(): void } {
  let heardAt = timing.now();
  let sequence = 0;
  let forget: (() => void) | undefined;
  const look = (): void => {
    const silentMs = timing.now() - heardAt;
    if (silentMs >= SILENT_MS_MAX) {
      onSilence();
      return;
    }
    if (silentMs >= PING_AFTER_MS) {
      send(pingFrame(sequence));
      sequence += 1;
    }
    forget = timing.after(PING_AFTER_MS, look);
  };
  forget = timing.after(PING_AFTER_MS, look);
  return {
    hear() {
      heardAt = timing.now();
    },
    stop: () => forget?.(),
  };
}

interface Settling<T> {
  /** Whoever asks learns how it ended; nobody has to. */
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

function settling<T>(): Settling<T> {
  let settle: Omit<Settling<T>, "promise"> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => undefined);
  return {
    promise,
    resolve: (value) => settle?.resolve(value),
    reject: (error) => settle?.reject(error),
  };
}
