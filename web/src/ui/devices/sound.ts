/** Whether the others can be heard; browsers keep sound back until the page was touched. */

import type { ReadonlySignal } from "@preact/signals";

export interface Sound {
  readonly isBlocked: ReadonlySignal<boolean>;
  /** To be called from a click. */
  start(): void;
  /** A short soft sound; none where sound is kept back. */
  chime(): void;
  close(): void;
}
