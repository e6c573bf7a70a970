/** Variable-length integers of QUIC (RFC 9000, section 16), of which QMux is made. */

/** Transport error codes (RFC 9000, section 20.1) that this side can find a reason for. */
export const QmuxCode = {
  internalError: 0x1,
  flowControl: 0x3,
  streamLimit: 0x4,
  streamState: 0x5,
  frameEncoding: 0x7,
  transportParameter: 0x8,
  protocolViolation: 0xa,
} as const;

/** The peer broke a rule of QMux: the session ends with `code`. */
export class QmuxViolation extends Error {
  readonly code: number;
  constructor(reason: string, code: number = QmuxCode.protocolViolation) {
    super(reason);
    this.name = "QmuxViolation";
    this.code = code;
  }
}

export interface WireReader {
  readonly left: number;
  /** The next integer; what a number cannot hold exactly becomes the largest it can. */
  integer(): number;
  /** The next integer to the last bit, for types that are told apart by it. */
  type(): bigint;
  /** A view of the next `length` bytes. */
  bytes(length: number): Uint8Array;
}

export function wireReader(source: Uint8Array): WireReader {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  let at = 0;
  const take = (length: number): number => {
    if (length > source.length - at) {
      throw new QmuxViolation("a field reaches past its end", QmuxCode.frameEncoding);
    }
    at += length;
    return at - length;
  };
  const sizeOfNext = (): number => 1 << ((source[at] ?? 0) >> 6);
  const short = (size: number): number => {
    const from = take(size);
    if (size === 1) return view.getUint8(from) & 0x3f;
    if (size === 2) return view.getUint16(from) & 0x3fff;
    return view.getUint32(from) & 0x3fffffff;
  };
  const long = (): bigint => view.getBigUint64(take(8)) & 0x3fffffffffffffffn;
  return {
    get left() {
      return source.length - at;
    },
    integer() {
      const size = sizeOfNext();
      return size < 8 ? short(size) : Math.min(Number(long()), Number.MAX_SAFE_INTEGER);
    },
    type() {
      const size = sizeOfNext();
      return size < 8 ? BigInt(short(size)) : long();
    },
    bytes(length) {
      const from = take(length);
      return source.subarray(from, from + length);
    },
  };
}

/** How many bytes `value` takes. */
export function sizeOf(value: number | bigint): number {
  if (value < 1 << 6) return 1;
  if (value < 1 << 14) return 2;
  return value < 1 << 30 ? 4 : 8;
}

type Field = number | bigint | Uint8Array;

const lengthOf = (field: Field): number => (field instanceof Uint8Array ? field.length : sizeOf(field));

/** Integers and byte strings one behind the other; what is of a fixed size is counted first. */
export function written(...fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(fields.reduce<number>((sum, field) => sum + lengthOf(field), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const field of fields) {
    const length = lengthOf(field);
    if (field instanceof Uint8Array) bytes.set(field, at);
    else put(view, at, length, field);
    at += length;
  }
  return bytes;
}

function put(view: DataView, at: number, size: number, value: number | bigint): void {
  if (size === 8) view.setBigUint64(at, BigInt(value) | 0xc000000000000000n);
  else if (size === 4) view.setUint32(at, (Number(value) | 0x80000000) >>> 0);
  else if (size === 2) view.setUint16(at, Number(value) | 0x4000);
  else view.setUint8(at, Number(value));
}
