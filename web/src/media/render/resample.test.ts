/** The resampler: the same tone at another rate, without seams between blocks. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createResampler } from "./resample.ts";

function convert(fromRate: number, toRate: number, seconds: number, block: number): number[] {
  const resampler = createResampler(fromRate, toRate, block);
  const output: number[] = [];
  const count = Math.floor((fromRate * seconds) / block);
  for (let b = 0; b < count; b += 1) {
    const input = Float32Array.from({ length: block }, (_, i) =>
      Math.sin(((b * block + i) * 2 * Math.PI * 440) / fromRate),
    );
    resampler.push(input, (sample) => output.push(sample));
  }
  return output;
}

for (const fromRate of [44_100, 48_000, 16_000, 96_000]) {
  test(`a tone at ${fromRate} Hz is the same tone at 48 kHz`, () => {
    const output = convert(fromRate, 48_000, 1, 128);
    assert.ok(Math.abs(output.length - 48_000) < 400, `${output.length} samples`);
    let worst = 0;
    // Interpolation begins with silence: two input samples of delay.
    const delay = (2 * 48_000) / fromRate;
    for (let i = 200; i < output.length; i += 1) {
      const expected = Math.sin(((i - delay) * 2 * Math.PI * 440) / 48_000);
      worst = Math.max(worst, Math.abs((output[i] ?? 0) - expected));
    }
    assert.ok(worst < 0.01, `off by ${worst}`);
  });
}
