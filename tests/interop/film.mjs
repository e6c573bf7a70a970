/**
 * A film in fragmented MP4 whose pictures are noise: for software that publishes what it is fed.
 * Boxes as in ISO/IEC 14496-12 and 14496-15; only what such software reads is filled in.
 */

const FRAMES_A_SECOND = 25;
const FRAMES_IN_A_GROUP = 50;
const FRAME_BYTES = 2_000;
const TIMESCALE = 1_000;

const u8 = (...values) => Buffer.from(values);
const u16 = (value) => u8(value >> 8, value & 255);
const u32 = (...values) => Buffer.concat(values.map((value) => u8(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255)));

function box(name, ...parts) {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(name, "latin1"), body]);
}

/** A box with a version of 0 and these flags. */
const full = (name, flags, ...parts) => box(name, u32(flags), ...parts);

const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** An H.264 configuration of Baseline level 1.0, with parameter sets that nobody decodes. */
const avcC = box("avcC", u8(1, 0x42, 0xc0, 0x0a, 0xff, 0xe1), u16(4), u8(0x67, 0x42, 0xc0, 0x0a, 1), u16(4), u8(0x68, 0xce, 0x3c, 0x80));

const avc1 = box(
  "avc1",
  Buffer.alloc(6),
  u16(1),
  Buffer.alloc(16),
  u16(160),
  u16(90),
  u32(0x480000, 0x480000, 0),
  u16(1),
  Buffer.alloc(32),
  u16(24),
  u16(0xffff),
  avcC,
);

const stbl = box(
  "stbl",
  full("stsd", 0, u32(1), avc1),
  full("stts", 0, u32(0)),
  full("stsc", 0, u32(0)),
  full("stsz", 0, u32(0, 0)),
  full("stco", 0, u32(0)),
);

const minf = box(
  "minf",
  full("vmhd", 1, Buffer.alloc(8)),
  box("dinf", full("dref", 0, u32(1), full("url ", 1))),
  stbl,
);

const mdia = box(
  "mdia",
  full("mdhd", 0, u32(0, 0, TIMESCALE, 0), u16(0x55c4), u16(0)),
  full("hdlr", 0, u32(0), Buffer.from("vide"), Buffer.alloc(12), Buffer.from("film\0")),
  minf,
);

const tkhd = full("tkhd", 3, u32(0, 0, 1, 0, 0, 0, 0, 0, 0), MATRIX, u32(160 << 16, 90 << 16));
const mvhd = full("mvhd", 0, u32(0, 0, TIMESCALE, 0, 0x10000), u16(0x100), Buffer.alloc(10), MATRIX, Buffer.alloc(24), u32(2));
const mvex = box("mvex", full("trex", 0, u32(1, 1, 0, 0, 0)));

/** What stands before the first fragment. */
export const HEAD = Buffer.concat([
  box("ftyp", Buffer.from("iso5"), u32(0), Buffer.from("iso5avc1")),
  box("moov", mvhd, box("trak", tkhd, mdia), mvex),
]);

/** The fragment of one frame; every fiftieth is a key frame. */
export function fragment(number) {
  const flags = number % FRAMES_IN_A_GROUP === 0 ? 0x02000000 : 0x01010000;
  const duration = TIMESCALE / FRAMES_A_SECOND;
  const traf = box(
    "traf",
    full("tfhd", 0x20000, u32(1)),
    full("tfdt", 0, u32(number * duration)),
    full("trun", 0x701, u32(1, 0, duration, FRAME_BYTES, flags)),
  );
  const frame = Buffer.concat([u32(number), Buffer.alloc(FRAME_BYTES - 4, number & 255)]);
  return Buffer.concat([box("moof", full("mfhd", 0, u32(number + 1)), traf), box("mdat", frame)]);
}

/** Writes the film to `stream`, one frame after the other, until the stream is closed. */
export function play(stream) {
  stream.on("error", () => clearInterval(pace));
  stream.on("close", () => clearInterval(pace));
  stream.write(HEAD);
  let number = 0;
  const pace = setInterval(() => stream.write(fragment(number++)), 1_000 / FRAMES_A_SECOND);
}

/**
 * How many whole frames of the film `bytes` holds; throws when it is not the film: its head, then
 * frames in a row from a key frame on.
 */
export function framesOf(bytes) {
  if (bytes.length < HEAD.length) return 0;
  if (!bytes.subarray(0, HEAD.length).equals(HEAD)) throw new Error("the head of the film is another one");
  const { length } = fragment(0);
  const count = Math.floor((bytes.length - HEAD.length) / length);
  const first = count && bytes.readUInt32BE(HEAD.length + length - FRAME_BYTES);
  if (first % FRAMES_IN_A_GROUP !== 0) throw new Error(`the film begins with frame ${first}, which is no key frame`);
  for (let index = 0; index < count; index += 1) {
    const at = HEAD.length + index * length;
    if (!bytes.subarray(at, at + length).equals(fragment(first + index))) {
      throw new Error(`frame ${first + index} did not come in its turn`);
    }
  }
  return count;
}
