/** While the chat to everyone is locked, what is written goes to the teachers. */

import { effect } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Audience, Lock } from "../../room/messages.ts";

/** Follows the lock until the answer is called. */
export function watchChatLock(locks: ReadonlySignal<ReadonlySet<Lock>>, to: Signal<Audience>): () => void {
  let wasMoved = false;
  return effect(() => {
    const isLocked = locks.value.has("publicChat");
    const { kind } = to.peek();
    if (isLocked && kind === "everyone") {
      wasMoved = true;
      to.value = { kind: "moderators" };
    } else if (!isLocked && wasMoved) {
      wasMoved = false;
      to.value = kind === "moderators" ? { kind: "everyone" } : to.peek();
    }
  });
}
