/**
 * Frames of QMux (draft-ietf-quic-qmux-02): those of QUIC without what only packets need.
 *
 * Over a WebSocket each binary message is one record, and a record is one or more frames.
 */

import { decodeParameters, type Parameters } from "./parameters.ts";
import { QmuxCode, QmuxViolation, wireReader, written, type WireReader } from "./wire.ts";

export type Frame =
  | {
      readonly kind: "stream";
      readonly id: number;
      /** Undefined where the frame leaves it out: it goes on where the last one ended. */
      readonly offset: number | undefined;
      readonly data: Uint8Array;
      readonly isFinal: boolean;
    }
  | { readonly kind: "reset"; readonly id: number; readonly code: number; readonly finalSize: number }
  | { readonly kind: "stop"; readonly id: number; readonly code: number }
  | { readonly kind: "maxData"; readonly max: number }
  | { readonly kind: "maxStreamData"; readonly id: number; readonly max: number }
  | { readonly kind: "maxStreams"; readonly isBidirectional: boolean; readonly max: number }
  | { readonly kind: "datagram"; readonly data: Uint8Array }
  /** `byApplication`: its last words; else the peer found that we broke a rule. */
  | { readonly kind: "close"; readonly byApplication: boolean; readonly code: number; readonly reason: string }
  | { readonly kind: "parameters"; readonly parameters: Parameters }
  | { readonly kind: "ping"; readonly sequence: number }
  | { readonly kind: "pong"; readonly sequence: number }
  /** That the peer would like to send more: it is told when it may, without being asked. */
  | { readonly kind: "blocked" };

const PARAMETERS = 0x3f5153300d0a0d0an;
const PING = 0x348c67529ef8c7bdn;
const PONG = 0x348c67529ef8c7ben;
/** RFC 9000, section 19.11. */
const STREAMS_MAX = 2 ** 60;

/** All frames of a record. Throws `QmuxViolation`. */
export function decodeRecord(record: Uint8Array): Frame[] {
  const reader = wireReader(record);
  const frames: Frame[] = [];
  while (reader.left > 0) {
    const frame = decodeFrame(reader);
    if (frame !== undefined) frames.push(frame);
  }
  return frames;
}

/** Undefined for padding. */
function decodeFrame(reader: WireReader): Frame | undefined {
  const type = reader.type();
  if (type === 0n) return undefined;
  if (type >= 0x08n && type <= 0x0fn) return decodeStream(reader, Number(type));
  switch (type) {
    case 0x04n:
      return { kind: "reset", id: reader.integer(), code: reader.integer(), finalSize: reader.integer() };
    case 0x05n:
      return { kind: "stop", id: reader.integer(), code: reader.integer() };
    case 0x10n:
      return { kind: "maxData", max: reader.integer() };
    case 0x11n:
      return { kind: "maxStreamData", id: reader.integer(), max: reader.integer() };
    case 0x12n:
    case 0x13n:
      return { kind: "maxStreams", isBidirectional: type === 0x12n, max: streamCount(reader) };
    case 0x14n:
    case 0x16n:
    case 0x17n:
      reader.integer();
      return { kind: "blocked" };
    case 0x15n:
      // The stream, and how far it got.
      reader.integer();
      reader.integer();
      return { kind: "blocked" };
    case 0x1cn:
    case 0x1dn:
      return decodeClose(reader, type === 0x1dn);
    case 0x30n:
      return { kind: "datagram", data: reader.bytes(reader.left) };
    case 0x31n:
      return { kind: "datagram", data: reader.bytes(reader.integer()) };
    case PARAMETERS:
      return { kind: "parameters", parameters: decodeParameters(reader.bytes(reader.integer())) };
    case PING:
      return { kind: "ping", sequence: reader.integer() };
    case PONG:
      return { kind: "pong", sequence: reader.integer() };
    default:
      // RESET_STREAM_AT too: our parameters did not ask for it.
      throw new QmuxViolation(`frame type ${type} is unknown`, QmuxCode.frameEncoding);
  }
}

function decodeStream(reader: WireReader, type: number): Frame {
  const id = reader.integer();
  const offset = (type & 0x04) === 0 ? undefined : reader.integer();
  const length = (type & 0x02) === 0 ? reader.left : reader.integer();
  return { kind: "stream", id, offset, data: reader.bytes(length), isFinal: (type & 0x01) !== 0 };
}

function decodeClose(reader: WireReader, byApplication: boolean): Frame {
  const code = reader.integer();
  // The type of the frame that was wrong.
  if (!byApplication) reader.integer();
  const reason = new TextDecoder().decode(reader.bytes(reader.integer()));
  return { kind: "close", byApplication, code, reason };
}

function streamCount(reader: WireReader): number {
  const max = reader.integer();
  if (max > STREAMS_MAX) throw new QmuxViolation("more streams than have an ID", QmuxCode.frameEncoding);
  return max;
}

/** A STREAM frame with its offset and length: the form that every peer reads. */
export function streamFrame(
  id: number,
  offset: number,
  data: Uint8Array,
  isFinal: boolean,
): Uint8Array<ArrayBuffer> {
  return written(isFinal ? 0x0f : 0x0e, id, offset, data.length, data);
}

export const resetFrame = (id: number, code: number, finalSize: number) => written(0x04, id, code, finalSize);
export const stopFrame = (id: number, code: number) => written(0x05, id, code);
export const maxDataFrame = (max: number) => written(0x10, max);
export const maxStreamDataFrame = (id: number, max: number) => written(0x11, id, max);
export const maxStreamsFrame = (isBidirectional: boolean, max: number) => written(isBidirectional ? 0x12 : 0x13, max);
/** With its length: the form that can be followed by other frames. */
export const datagramFrame = (data: Uint8Array) => written(0x31, data.length, data);
/** What a DATAGRAM frame has beside its data, at most. */
export const DATAGRAM_HEAD_BYTES = 1 + 4;
export const pingFrame = (sequence: number) => written(PING, sequence);
export const pongFrame = (sequence: number) => written(PONG, sequence);
export const parametersFrame = (parameters: Uint8Array) => written(PARAMETERS, parameters.length, parameters);

/** `byApplication` as in `Frame`; a violation does not tell which frame it was. */
export function closeFrame(byApplication: boolean, code: number, reason: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(reason);
  return byApplication ? written(0x1d, code, text.length, text) : written(0x1c, code, 0, text.length, text);
}

