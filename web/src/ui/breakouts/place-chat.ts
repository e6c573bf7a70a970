/** In a breakout, what is written goes to it; back in the main room to everyone. */

import { computed, effect } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Audience, Lock } from "../../room/messages.ts";
import type { RoomStore } from "../../room/store.ts";

/** Follows the own place until the answer is called. */
export function watchPlace(store: RoomStore, locks: ReadonlySignal<ReadonlySet<Lock>>, to: Signal<Audience>): () => void {
  const place = computed(() => store.room.value.breakouts.places.get(store.me));
  const isLocked = computed(() => locks.value.has("publicChat"));
  return effect(() => {
    const id = place.value;
    const others: Audience = { kind: isLocked.value ? "moderators" : "everyone" };
    const wasThere = to.peek().kind === "breakout";
    if (id !== undefined && !isLocked.value) {
      to.value = { kind: "breakout", id };
    } else if (wasThere || (id !== undefined && to.peek().kind === "everyone")) {
      to.value = others;
    }
  });
}
