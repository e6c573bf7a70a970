/** Keeps the room's word about what we agree to true: tells it whenever the two differ. */

import { effect, signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { isSame, within } from "./consent.ts";
import type { Stated } from "./consent.ts";
import type { LineState } from "./line.ts";
import type { RoomStore } from "./store.ts";

type TellingStore = Pick<RoomStore, "me" | "inbox" | "ask">;

/** Follows `stated` until the answer is called. */
export function tellConsent(store: TellingStore, line: ReadonlySignal<LineState>, stated: ReadonlySignal<Stated>): () => void {
  /** What the room was told on this line; its own record says so only a moment later. */
  const told = signal<Stated | null>(null);
  let retry: ReturnType<typeof setTimeout> | undefined;

  const tell = async (wanted: Stated) => {
    told.value = wanted;
    const settled = await store.ask({ kind: "consent", ...wanted });
    if (settled?.refusal?.code === "tooFast" && told.value === wanted) {
      retry = setTimeout(() => (told.value = null), settled.refusal.retryAfterMs);
    }
  };

  const stop = effect(() => {
    const { agreed, texts } = stated.value;
    const own = store.inbox.value.consents.get(store.me);
    if (line.value.state !== "open") {
      told.value = null;
      return;
    }
    if (own === undefined) {
      return;
    }
    const wanted = { agreed: within(agreed, own.most), texts };
    const known = told.value ?? own;
    if (!isSame(known.agreed, wanted.agreed)) {
      void tell(wanted);
    }
  });
  return () => {
    clearTimeout(retry);
    stop();
  };
}
