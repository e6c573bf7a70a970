/**
 * One subscriber of a track whose objects go in datagrams: nothing waits, so nothing is ever late,
 * reset or given up. What was lost is sent once more with the object behind it, where packets get lost.
 */

import type { Publication, SentObject } from "../../moqt/types.ts";
import type { Listener } from "./listener.ts";

export function createDatagramListener(publication: Publication): Listener {
  let isOpen = false;
  let previous: SentObject | undefined;
  return {
    publication,
    // The first group alone: who comes later needs nothing of what was before.
    wantsGroup: () => !isOpen || publication.wantsGroup,
    isOpen: () => isOpen,
    beginGroup() {
      isOpen = true;
    },
    write({ group, object, payload, properties }) {
      if (!isOpen) return;
      // Before it: who lost nothing else then gets everything in order.
      if (previous !== undefined && publication.isLossy) publication.sendDatagram(previous);
      previous = { group, object, payload, properties };
      publication.sendDatagram(previous);
    },
    cut: () => undefined,
    queuedMs: () => 0,
    waitingMs: () => 0,
    expire: () => undefined,
    finish: () => publication.end(),
    giveUp: (code) => publication.end(code),
  };
}
