/** One finger moves the page, and two move and enlarge it at once. */

import type { View } from "./bitmaps.ts";
import { moved, zoomed } from "./camera.ts";
import type { Place } from "./geometry.ts";
import type { Surface } from "./surface.ts";

export interface Pinch {
  /** One finger went from `before` to `now` while the `other` rested, if there is another. */
  move(other: Place | undefined, before: Place, now: Place): void;
  /** A finger is gone. */
  end(): void;
}

export function createPinch(surface: Pick<Surface, "view" | "pan" | "look">): Pinch {
  /** Where the fingers would have it, if the page had no edges: what an edge took comes back with them. */
  let wished: View | undefined;
  return {
    move(other, before, now) {
      if (other === undefined) return surface.pan(now.x - before.x, now.y - before.y);
      const factor = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      const shifted = moved(wished ?? surface.view(), (now.x - before.x) / 2, (now.y - before.y) / 2);
      wished = zoomed(shifted, factor, { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
      surface.look(wished);
    },
    end() {
      wished = undefined;
    },
  };
}
