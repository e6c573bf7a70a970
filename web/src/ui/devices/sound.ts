/** Whether the others can be heard; browsers keep sound back until the page was touched. */

import type { ReadonlySignal } from "@preact/signals";

export interface Sound {
  readonly isBlocked: ReadonlySignal<boolean>;
  /** To be called from a click. */
  start(): void;
  close(): void;
}
