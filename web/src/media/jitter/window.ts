/** The least of what came lately: pure, over times in ms that do not go back. */

export interface WindowMinimum {
  add(value: number, now: number): void;
  /** Undefined before the first value. */
  value(): number | undefined;
}

/** Remembers for at least `buckets` - 1 times `bucketMs`, for at most one more, as long as values come. */
export function windowMinimum(bucketMs: number, buckets: number): WindowMinimum {
  const kept: { readonly from: number; least: number }[] = [];
  let least: number | undefined;
  return {
    add(value, now) {
      const bucket = kept.at(-1);
      if (bucket === undefined || now >= bucket.from + bucketMs) {
        kept.push({ from: now, least: value });
        if (kept.length > buckets) kept.shift();
      } else {
        bucket.least = Math.min(bucket.least, value);
      }
      least = Math.min(...kept.map((each) => each.least));
    },
    value: () => least,
  };
}
