/** Gets tickets for a class as the page does, and hands them to its worker. Bundled by `class.mjs`; runs in a page of the relay. */

import { EVERYTHING } from "../../web/src/room/consent.ts";
import { join } from "../../web/src/room/join.ts";
import { parseLink } from "../../web/src/room/link.ts";
import { ticketOf } from "../../web/src/room/world.ts";

/** `source` is the worker's text. */
globalThis.openClass = (source) => {
  const { room, secret } = parseLink(location.hash);
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const hear = (wanted) =>
    new Promise((resolve, reject) => {
      worker.addEventListener("error", ({ message }) => reject(new Error(message)));
      worker.addEventListener("message", ({ data }) => wanted(data) && resolve(data));
    });
  globalThis.schoolClass = {
    /** Settles with the participant when the room has heard that their camera is on. */
    async enter(name) {
      const { kind, admission, failure } = await join({ room, secret, name, agreed: EVERYTHING, texts: null });
      if (kind === "failed") throw new Error(`${name} is not let in: ${JSON.stringify(failure)}`);
      const entered = hear(({ kind: said, participant }) => said === "entered" && participant === admission.participant);
      worker.postMessage({ kind: "enter", ticket: ticketOf(admission) });
      const { problem } = await entered;
      if (problem) throw new Error(`${name}: ${problem}`);
      return admission.participant;
    },
    /** What the shared encoder did so far. */
    async sent() {
      const answer = hear(({ kind }) => kind === "sent");
      worker.postMessage({ kind: "sent" });
      return (await answer).sent;
    },
  };
};
