/** Whether the others can be heard; browsers keep sound back until the page was touched. */

import type { ReadonlySignal } from "@preact/signals";
import type { Plugged } from "./plugs.ts";

export interface Speaker {
  readonly choices: ReadonlySignal<readonly Plugged[]>;
  /** Id of the chosen one; empty is the system's choice. */
  readonly chosen: ReadonlySignal<string>;
  choose(deviceId: string): Promise<void>;
  close(): void;
}

export interface Sound {
  readonly isBlocked: ReadonlySignal<boolean>;
  /** To be called from a click. */
  start(): void;
  /** A short soft sound; none where sound is kept back. */
  chime(): void;
  /** Where the others are heard; null where the browser leaves that to the system. */
  readonly speaker: Speaker | null;
  close(): void;
}
