/** Sound and when it was: the tones in each hop of a recording, and the clock of a device. */

import { PITCHES } from "./tape.mjs";

/** A quarter of a tone. */
export const HOP_MS = 5;
/** In which a tone is looked for, around the middle of a hop. */
const WINDOW_MS = 15;
/** Speeds at which a player may play: tones are looked for at their pitch times these. */
const SPEEDS = [0.9, 0.93, 0.97, 1, 1.03];
/** Below this mean square there is no tone; a tape has 0.03. */
const SILENT = 0.000_5;
/** Marks are told when a device asked for samples, which it does in bursts: of so many the middle counts. */
const MARKS = 21;

/**
 * What time it was, in Unix ms, at ms of a device's own count; `marks` are its samples with Unix ms.
 * `own` is the other way round.
 */
export function clockOf({ rate, marks }) {
  const ownOf = ([sample]) => (sample * 1_000) / rate;
  const offsets = marks.map((mark) => mark[1] - ownOf(mark));
  const middles = offsets.map((_, at) => {
    const near = offsets.slice(Math.max(at - (MARKS >> 1), 0), at + (MARKS >> 1) + 1).toSorted((a, b) => a - b);
    return near[near.length >> 1];
  });
  /** Of the last mark that is not behind. */
  function offset(isBefore) {
    let [low, high] = [0, marks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (isBefore(middle)) low = middle;
      else high = middle - 1;
    }
    return middles[low] ?? 0;
  }
  return {
    unix: (own) => own + offset((at) => ownOf(marks[at]) <= own),
    own: (unix) => unix - offset((at) => ownOf(marks[at]) + middles[at] <= unix),
  };
}

/** Goertzel's filter: the power at a frequency, in cycles a sample. */
function power(sound, frequency) {
  const turn = 2 * Math.cos(2 * Math.PI * frequency);
  let one = 0;
  let two = 0;
  for (let at = 0; at < sound.length; at += 1) {
    const next = sound[at] + turn * one - two;
    two = one;
    one = next;
  }
  return Math.max(one * one + two * two - turn * one * two, 0);
}

/** How much of the sound is in each tone; nothing at all where it is silent. */
function sharesOf(sound, rate) {
  const square = sound.reduce((sum, sample) => sum + sample * sample, 0) / sound.length / 32_768 ** 2;
  if (square < SILENT) return undefined;
  // Under a Hann window.
  const shaped = Float64Array.from(sound, (sample, at) => sample * (0.5 - 0.5 * Math.cos((2 * Math.PI * at) / sound.length)));
  const powers = PITCHES.map((pitch) => Math.max(...SPEEDS.map((speed) => power(shaped, (pitch * speed) / rate))));
  const all = powers.reduce((sum, each) => sum + each, 0);
  return powers.map((each) => each / all);
}

/** The shares of the tones in each hop; undefined where it is silent. */
export function hopsOf({ rate, samples }) {
  const index = (ms) => Math.round((ms * rate) / 1_000);
  const count = Math.floor((samples.length * 1_000) / rate / HOP_MS);
  return Array.from({ length: count }, (_, hop) => {
    const middle = (hop + 0.5) * HOP_MS;
    return sharesOf(samples.subarray(Math.max(index(middle - WINDOW_MS / 2), 0), index(middle + WINDOW_MS / 2)), rate);
  });
}
