/**
 * What the teacher says: tones of 20 ms, from whose order it can be heard when each was said.
 *
 * Eight tones, so far apart that a listener who plays a tenth slower hears the same ones. Their order is
 * made by chance; no tone follows itself.
 */

/** As long as a frame of speech. */
export const SLOT_MS = 20;
/** Slots until the tape begins again, 10 s: nobody listens that far behind. */
const SLOTS = 512;
const RATE = 48_000;
/** The lowest tone, and how far one is above the other. */
const LOWEST_HZ = 500;
const INTERVAL = 1.3;
const TONES = 8;
const AMPLITUDE = 0.25;
/** A tone begins and ends within a millisecond, so that it does not click. */
const EDGE = RATE / 1_000;

export const PITCHES = Array.from({ length: TONES }, (_, tone) => LOWEST_HZ * INTERVAL ** tone);

/** The tone of each slot. */
export function tones() {
  const made = [];
  // The minimal standard generator of Park and Miller.
  let chance = 1;
  while (made.length < SLOTS) {
    chance = (chance * 48_271) % 2_147_483_647;
    const tone = Math.floor(chance / 256) % TONES;
    const next = made.length === SLOTS - 1 ? made[0] : undefined;
    if (tone !== made.at(-1) && tone !== next) made.push(tone);
  }
  return made;
}

/** The tape, once: samples as 16-bit numbers. */
export function samples() {
  const slot = (RATE * SLOT_MS) / 1_000;
  const made = new Int16Array(SLOTS * slot);
  let phase = 0;
  for (const [index, tone] of tones().entries()) {
    for (let at = 0; at < slot; at += 1) {
      phase += (2 * Math.PI * PITCHES[tone]) / RATE;
      const edge = Math.min(1, (at + 1) / EDGE, (slot - at) / EDGE);
      made[index * slot + at] = 32_767 * AMPLITUDE * edge * Math.sin(phase);
    }
  }
  return made;
}

/** A WAV file of one channel with 16-bit samples, given as bytes. */
export function wav(rate, bytes) {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + bytes.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  // Plain samples, one channel.
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  // Bytes and bits of a sample.
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(bytes.length, 40);
  return Buffer.concat([head, bytes]);
}

export const tape = () => wav(RATE, Buffer.from(samples().buffer));
