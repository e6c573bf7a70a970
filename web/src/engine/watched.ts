/**
 * A session and whether it starves: a way can be open, and answer, and yet bring nothing.
 *
 * Silence alone does not tell: whoever was heard may have lost their own line. So in the silence we
 * ask for something that is there for certain, our own catalog.
 */

import type { Session, Subscriber } from "../moqt/types.ts";
import type { Ticket } from "./messages.ts";

/** What was flowing stops for no longer than this when a group is lost and the next begins. */
const SILENCE_MS_MAX = 4_000;
/** Our own catalog needs a round trip, and two more to ourselves and back if nobody else has it. */
const PROBE_MS_MAX = 4_000;
/** After an answer the line is well. Whoever fell silent is not asked about all the time. */
const ASK_AGAIN_MS = 30_000;
const PROBE_PRIORITY = 16;

export interface Watched {
  /** Subscribes to what should flow without a pause: the media of others. */
  readonly subscribe: Session["subscribe"];
  /** Looks whether something is missing. */
  tick(): void;
}

/** `now` is in ms; `onStarved` is called once. */
export function watched(
  session: Pick<Session, "subscribe">,
  { room, participant }: Pick<Ticket, "room" | "participant">,
  now: () => number,
  onStarved: () => void,
): Watched {
  /** Subscriptions that brought something and have not ended. */
  const flowing = new Set<Subscriber>();
  let state: "well" | "asking" | "starved" = "well";
  let heardAt = now();
  let askedAt = 0;
  let notBefore = 0;

  const hear = (): void => {
    heardAt = now();
    if (state === "asking") state = "well";
  };
  const ask = (): void => {
    state = "asking";
    askedAt = now();
    notBefore = askedAt + ASK_AGAIN_MS;
    const probe = session.subscribe([room, participant], "catalog", { priority: PROBE_PRIORITY }, {
      onObject() {
        hear();
        probe.cancel();
      },
    });
    // A relay that refuses is a relay that answers.
    probe.ended.then(({ kind }) => {
      if (kind === "refused" || kind === "done") hear();
    });
  };
  return {
    subscribe(namespace, track, options, subscriber) {
      const subscription = session.subscribe(namespace, track, options, {
        ...subscriber,
        onObject(object) {
          flowing.add(subscriber);
          hear();
          subscriber.onObject(object);
        },
      });
      subscription.ended.then(() => flowing.delete(subscriber));
      return subscription;
    },
    tick() {
      if (state === "asking" && now() - askedAt >= PROBE_MS_MAX) {
        state = "starved";
        onStarved();
      }
      const isSilent = now() - heardAt >= SILENCE_MS_MAX;
      if (state === "well" && isSilent && flowing.size > 0 && now() >= notBefore) ask();
    },
  };
}
