/** Transport parameters of QMux (draft-ietf-quic-qmux-02): those of QUIC (RFC 9000, section 18) that apply. */

import { QmuxCode, QmuxViolation, sizeOf, wireReader, written } from "./wire.ts";

/** What one side lets the other do. Sizes in bytes. */
export interface Parameters {
  /** 0 is never. */
  readonly idleTimeoutMs: number;
  readonly maxData: number;
  /** Streams that whoever says this opened. */
  readonly maxStreamDataBidiLocal: number;
  readonly maxStreamDataBidiRemote: number;
  readonly maxStreamDataUni: number;
  readonly maxStreamsBidi: number;
  readonly maxStreamsUni: number;
  /** Of a whole DATAGRAM frame; 0 is none at all (RFC 9221, section 3). */
  readonly maxDatagramFrameSize: number;
  readonly maxRecordSize: number;
}

/** A record may be this large if nothing else was said, and a peer may not say less. */
export const RECORD_BYTES_DEFAULT = 16_382;

const MAX_RECORD_SIZE = 0x0571c59429cd0845n;
const FIELDS: ReadonlyMap<bigint, keyof Parameters> = new Map<bigint, keyof Parameters>([
  [0x01n, "idleTimeoutMs"],
  [0x04n, "maxData"],
  [0x05n, "maxStreamDataBidiLocal"],
  [0x06n, "maxStreamDataBidiRemote"],
  [0x07n, "maxStreamDataUni"],
  [0x08n, "maxStreamsBidi"],
  [0x09n, "maxStreamsUni"],
  [0x20n, "maxDatagramFrameSize"],
  [MAX_RECORD_SIZE, "maxRecordSize"],
]);
const NOTHING: Parameters = {
  idleTimeoutMs: 0,
  maxData: 0,
  maxStreamDataBidiLocal: 0,
  maxStreamDataBidiRemote: 0,
  maxStreamDataUni: 0,
  maxStreamsBidi: 0,
  maxStreamsUni: 0,
  maxDatagramFrameSize: 0,
  maxRecordSize: RECORD_BYTES_DEFAULT,
};

export function encodeParameters(parameters: Parameters): Uint8Array<ArrayBuffer> {
  const fields = [...FIELDS].flatMap(([id, name]) => {
    const value = parameters[name];
    return [id, sizeOf(value), value];
  });
  return written(...fields);
}

/** Throws `QmuxViolation`. Parameters that are not known are passed over. */
export function decodeParameters(bytes: Uint8Array): Parameters {
  const found: { -readonly [name in keyof Parameters]: number } = { ...NOTHING };
  const seen = new Set<bigint>();
  const reader = wireReader(bytes);
  while (reader.left > 0) {
    const id = reader.type();
    if (seen.has(id)) throw wrong("a parameter comes twice");
    seen.add(id);
    const value = wireReader(reader.bytes(reader.integer()));
    const name = FIELDS.get(id);
    if (name === undefined) continue;
    found[name] = value.integer();
    if (value.left > 0) throw wrong("a parameter is longer than its value");
  }
  if (found.maxRecordSize < RECORD_BYTES_DEFAULT) throw wrong("records smaller than all may be");
  return found;
}

const wrong = (reason: string): QmuxViolation => new QmuxViolation(reason, QmuxCode.transportParameter);
