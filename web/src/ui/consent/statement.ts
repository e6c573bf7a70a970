/**
 * What this person states about being seen, heard and read. One value for the join screen and the room;
 * nothing is agreed to before the person says so, and what they take back is off at once.
 */

import { effect, signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { EVERYTHING, NOTHING, askTerms, isSame, keepStated, readStated, within } from "../../room/consent.ts";
import type { Stated, Terms } from "../../room/consent.ts";
import type { RoomLink } from "../../room/link.ts";
import type { Agreed, Medium } from "../../room/messages.ts";
import type { Devices, Source } from "../devices/devices.ts";

/** By what others learn of a person through a device. */
export const MEDIUM_OF = { mic: "heard", cam: "seen" } as const satisfies Record<Source["kind"], Medium>;

export interface Statement {
  readonly stated: ReadonlySignal<Stated>;
  /** What a person reads first; nothing can be agreed to before it is there. */
  readonly terms: ReadonlySignal<Terms | "loading" | "failed">;
  /** What this person may agree to. */
  readonly most: ReadonlySignal<Agreed>;
  /** What they are being asked about in place, since they wanted to do it. */
  readonly asking: Signal<Medium | null>;
  /** Gets the texts, if they are not there. */
  load(): void;
  agree(medium: Medium, agrees: boolean): void;
  /** The server knows better what this person may agree to. */
  limit(most: Agreed): void;
  /** Switches a device, or asks first. */
  toggle(source: Source): void;
  /** No device stays on without consent; until the answer is called. */
  guard(devices: Devices): () => void;
}

export function openStatement({ room, secret }: RoomLink): Statement {
  const stated = signal<Stated>(readStated(sessionStorage, room));
  const terms = signal<Terms | "loading" | "failed">("loading");
  const most = signal<Agreed>(EVERYTHING);
  const asking = signal<Medium | null>(null);

  const change = (next: Stated) => {
    stated.value = next;
    keepStated(sessionStorage, room, next);
  };
  const limit = (next: Agreed) => {
    most.value = next;
    const { agreed, texts } = stated.peek();
    if (!isSame(agreed, within(agreed, next))) {
      change({ agreed: within(agreed, next), texts });
    }
  };
  const load = async () => {
    terms.value = "loading";
    const answer = await askTerms(room, secret);
    terms.value = answer ?? "failed";
    if (answer === null) {
      return;
    }
    limit(answer.most);
    const { texts } = stated.peek();
    if (texts !== null && texts !== answer.version) {
      // To other texts nobody has agreed yet.
      change({ agreed: NOTHING, texts: null });
    }
  };
  void load();

  return {
    stated,
    terms,
    most,
    asking,
    load: () => {
      if (terms.peek() === "failed") {
        void load();
      }
    },
    agree: (medium, agrees) => {
      const known = terms.peek();
      if (typeof known === "object" || !agrees) {
        const agreed = within({ ...stated.peek().agreed, [medium]: agrees }, most.peek());
        change({ agreed, texts: typeof known === "object" ? known.version : stated.peek().texts });
      }
    },
    limit,
    toggle: (source) => {
      const medium = MEDIUM_OF[source.kind];
      const isOn = ["on", "asking"].includes(source.state.peek().state);
      if (isOn || stated.peek().agreed[medium]) {
        void source.toggle();
      } else {
        asking.value = medium;
      }
    },
    guard: (devices) => {
      const ends = [devices.mic, devices.cam].map((source) =>
        effect(() => {
          const isOpen = ["on", "asking"].includes(source.state.value.state) || source.kept.value !== null;
          if (isOpen && !stated.value.agreed[MEDIUM_OF[source.kind]]) {
            source.turnOff();
          }
        }),
      );
      return () => ends.forEach((end) => end());
    },
  };
}
