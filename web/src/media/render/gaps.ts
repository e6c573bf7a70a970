/** Counts silence that was not sent as such, in samples. */

export interface Gaps {
  /** Silence goes on. */
  extend(samples: number): void;
  /** Sound is back. */
  close(): void;
  /** Sound that will never come. */
  note(samples: number): void;
  /** Sound ran out. */
  dry(): void;
  dryCount(): number;
  /** Longest gap since the last call, with the one that lasts. */
  take(): number;
  clear(): void;
}

export function createGaps(): Gaps {
  let open = 0;
  let longest = 0;
  let dryCount = 0;
  return {
    extend(samples) {
      open += samples;
    },
    close() {
      if (open > longest) longest = open;
      open = 0;
    },
    note(samples) {
      longest = Math.max(longest, samples);
    },
    dry() {
      dryCount += 1;
    },
    dryCount: () => dryCount,
    take() {
      const gap = Math.max(longest, open);
      longest = 0;
      return gap;
    },
    clear() {
      open = 0;
      longest = 0;
      dryCount = 0;
    },
  };
}
